import type { Context } from "@runledger/cli";
import type { Agreement, RunledgerConfig } from "@runledger/config";
import type { History } from "@runledger/history";
import { readHistory } from "./read-history.ts";
import type { Week, WeeklyReport } from "./report-model.ts";
import { storeRevision } from "./revision.ts";
import { makeReport } from "./weekly-report.ts";

interface WeekOfAgreement {
  history: History;
  config: RunledgerConfig;
  agreement: Agreement;
  week: Week;
  asOf: Date;
}

/** The report of an agreement's week as the history now tells it: read and scored, neither numbered nor stored. */
export async function draftReport(
  { version }: Context,
  { history, config, agreement, week, asOf }: WeekOfAgreement,
): Promise<WeeklyReport> {
  const read = await readHistory(history, agreement, week, asOf);
  return makeReport({ config, agreement, week, asOf, history: read, softwareVersion: version });
}

/** The draft, numbered and stored. */
export async function reportWeek(context: Context, of: WeekOfAgreement): Promise<WeeklyReport> {
  const { history, agreement, week, asOf } = of;
  const draft = await draftReport(context, of);
  const isClosed = asOf.getTime() >= week.end.getTime() + agreement.report.settleMs;
  const report = await storeRevision(history, draft, isClosed);
  context.log.info(
    { agreement: agreement.id, week: week.id, revision: report.revision, runs: report.runs.length },
    "reported",
  );
  return report;
}
