import { access } from "node:fs/promises";
import type { Context } from "@runledger/cli";
import type { Agreement, RunledgerConfig } from "@runledger/config";
import type { History } from "@runledger/history";
import { isSentToAll } from "./known-weeks.ts";
import type { Mailer } from "../delivery/mailer.ts";
import { reportFiles, type ReportFiles } from "../files/print-report.ts";
import { publishReport } from "../publish/publish-report.ts";
import { type Week, withoutRuns } from "@runledger/sla";
import { reportWeek } from "../weeks/report-week.ts";
import { sendNotice } from "./send-notice.ts";
import { recipientsOf } from "../delivery/send-report.ts";
import type { Trouble } from "@runledger/mail";
import { troubleOf } from "./trouble.ts";
import { unsyncedPipelines, type Gap } from "../store/unsynced-pipelines.ts";
import type { MissingReport, WeeklyResult } from "../publish/weekly-result.ts";

export interface DueWeek {
  history: History;
  mailer: Mailer;
  out: string;
  config: RunledgerConfig;
  agreement: Agreement;
  week: Week;
  /** Whether its report has gone out, to some recipients at least. */
  isSent: boolean;
  asOf: Date;
}

/**
 * Makes and sends the report of a week that is due. Where that does not succeed, `failures_to` is told, unless the report
 * has gone out before: then only its next revision is in doubt. Null while it waits for the next sync.
 */
export async function reportDueWeek(context: Context, due: DueWeek): Promise<WeeklyResult | null> {
  const { history, agreement, week, isSent } = due;
  try {
    const gap = isSent ? null : await unsyncedPipelines(history, agreement, week);
    if (gap !== null && isSyncToCome(gap, due.asOf)) {
      context.log.info({ agreement: agreement.id, week: week.id }, `waits for the next sync: ${gap.why}`);
      return null;
    }
    return gap === null ? await makeAndSend(context, due) : await missing(context, due, notCovered(gap.why));
  } catch (error) {
    context.signal.throwIfAborted();
    const message = error instanceof Error ? error.message : String(error);
    context.log.error({ agreement: agreement.id, week: week.id, error: message }, "the report failed");
    context.log.debug({ agreement: agreement.id, week: week.id, err: error }, "where the report failed");
    return missing(context, due, troubleOf(error));
  }
}

/** A sync comes every night: while the last one is no older, the week's data is not late. */
const SYNC_RHYTHM_MS = 26 * 3_600_000;

function isSyncToCome({ through }: Gap, asOf: Date): boolean {
  return through !== null && asOf.getTime() - through.getTime() <= SYNC_RHYTHM_MS;
}

async function makeAndSend(context: Context, due: DueWeek): Promise<WeeklyResult> {
  const { history, agreement, out } = due;
  const report = await reportWeek(context, { ...due, isAsOfAsked: true, isRestated: false });
  const files = reportFiles(report, out);
  const key = { agreement: agreement.id, week: report.week.id, revision: report.revision };
  if ((await isSentToAll(history, key, recipientsOf(agreement))) && (await areThere(files))) {
    return { outcome: "unchanged", report: withoutRuns(report), files };
  }
  return publishReport(context, due, agreement, report);
}

async function missing(context: Context, due: DueWeek, trouble: Trouble): Promise<MissingReport> {
  const { agreement, week, isSent } = due;
  if (!isSent) {
    await sendNotice(context, due, { agreement, week, trouble });
  }
  return { outcome: "missing", agreement, week, notSent: trouble.why };
}

function notCovered(gap: string): Trouble {
  return {
    kind: "not_covered",
    why: `${gap}; run ingest sync`,
    remedy: 'Run "ingest sync", and see that it does so every night before the report is due.',
  };
}

async function areThere(files: ReportFiles): Promise<boolean> {
  const found = await Promise.allSettled(Object.values(files).map((file) => access(file)));
  return found.every(({ status }) => status === "fulfilled");
}
