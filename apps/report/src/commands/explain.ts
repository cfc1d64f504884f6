import { exitCode, printResult, UsageError, type Context, type ExitCode } from "@runledger/cli";
import { loadConfig } from "@runledger/config";
import { openConfiguredHistory } from "@runledger/history";
import { z } from "zod";
import { asOfOption, askedWeek, weekOption } from "../weeks/asked-week.ts";
import { readNow } from "../weeks/clock.ts";
import type { ExplainDocument } from "../json/report-documents.ts";
import { explain as explainObjective } from "../explain/explanation.ts";
import { explainDocument } from "../explain/explain-document.ts";
import { draftReport } from "../weeks/report-week.ts";
import { selectAgreements } from "../weeks/select-agreements.ts";

export const explainOptions = z.object({ week: weekOption.optional(), asOf: asOfOption.optional() });

/** Shows how the figures of one objective come about. Stores nothing. */
export async function explain(
  context: Context,
  options: z.output<typeof explainOptions>,
  args: string[],
): Promise<ExitCode> {
  const { environment } = context;
  const [agreementId = "", objectiveId = ""] = args;
  const config = await loadConfig(environment.configPath);
  const [configured] = selectAgreements(config, [agreementId]);
  if (configured === undefined) {
    throw new UsageError(`no agreement ${agreementId} in the configuration`);
  }
  await using history = await openConfiguredHistory(environment.databaseUrl, "runledger-report");
  const asOf = options.asOf ?? (await readNow(context, history));
  const { report, agreement } = await draftReport(context, {
    history,
    config,
    agreement: configured,
    week: askedWeek(configured, options.week, asOf),
    asOf,
    isAsOfAsked: options.asOf !== undefined,
  });
  const objective = agreement.objectives.find(({ id }) => id === objectiveId);
  const result = report.objectives.find(({ id }) => id === objectiveId);
  if (objective === undefined || result === undefined) {
    const known = agreement.objectives.map(({ id }) => id).join(", ");
    throw new UsageError(
      `agreement ${agreementId} has no objective ${objectiveId} in ${report.week.id}; it has ${known}`,
    );
  }
  printResult<ExplainDocument>(context, {
    document: () => explainDocument(report, agreement, objective, result),
    lines: () => explainObjective(report, agreement, objective),
  });
  return exitCode.done;
}
