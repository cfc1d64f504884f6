import { exitCode, UsageError, type Context, type ExitCode } from "@runledger/cli";
import { loadConfig } from "@runledger/config";
import { openConfiguredHistory } from "@runledger/history";
import { asOfInstant, askedWeek } from "../asked-week.ts";
import { explain as explainObjective } from "../explain.ts";
import { draftReport } from "../report-week.ts";
import { selectAgreements } from "../select-agreements.ts";

export interface ExplainOptions {
  week?: string;
  asOf?: string;
}

/** Shows how the figures of one objective come about. Stores nothing. */
export async function explain(context: Context, options: ExplainOptions, args: string[]): Promise<ExitCode> {
  const { environment, now, stdout, isJson } = context;
  const [agreementId = "", objectiveId = ""] = args;
  const config = await loadConfig(environment.configPath);
  const [configured] = selectAgreements(config, [agreementId]);
  if (configured === undefined) {
    throw new UsageError(`no agreement ${agreementId} in the configuration`);
  }
  const asOf = asOfInstant(options.asOf, now());
  await using history = await openConfiguredHistory(environment.databaseUrl, "runledger-report");
  const { report, agreement } = await draftReport(context, {
    history,
    config,
    agreement: configured,
    week: askedWeek(configured, options.week, asOf),
    asOf,
    isAsOfAsked: options.asOf !== undefined,
  });
  const objective = agreement.objectives.find(({ id }) => id === objectiveId);
  if (objective === undefined) {
    const known = agreement.objectives.map(({ id }) => id).join(", ");
    throw new UsageError(
      `agreement ${agreementId} has no objective ${objectiveId} in ${report.week.id}; it has ${known}`,
    );
  }
  const lines = explainObjective(report, agreement, objective);
  stdout.write(
    isJson
      ? `${JSON.stringify({ agreement: agreementId, objective: objectiveId, lines }, null, 2)}\n`
      : `${lines.join("\n")}\n`,
  );
  return exitCode.done;
}
