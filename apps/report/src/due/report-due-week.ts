import { access } from "node:fs/promises";
import type { Context } from "@runledger/cli";
import type { Agreement, RunledgerConfig } from "@runledger/config";
import { HeldUpError, type History } from "@runledger/history";
import { isSentToAll } from "./known-weeks.ts";
import type { Mailer } from "../delivery/email/mailer.ts";
import { reportFiles, type ReportFiles } from "../files/print-report.ts";
import { printNumbered, sendPrinted } from "../publish/publish-report.ts";
import { type Week, withoutRuns } from "@runledger/sla";
import { reportWeek } from "../weeks/report-week.ts";
import { sendLastingNotice } from "./send-notice.ts";
import { recipientsOf } from "../delivery/email/email-channel.ts";
import type { Trouble } from "@runledger/mail";
import { troubleOf } from "./trouble.ts";
import { unsyncedPipelines } from "../store/unsynced-pipelines.ts";
import { readWellUntil, toldAfter } from "./lasting-trouble.ts";
import type {
  MissingReport,
  PrintedReport,
  UnchangedReport,
  WeeklyResult,
} from "../publish/weekly-result.ts";

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

/** What keeps a week from having its report, and since when. */
interface MissingWeek extends MissingReport {
  trouble: Trouble;
  /** The last moment at which all was well; null when it never was. */
  wellUntil: Date | null;
}

/** What was made of a week that is due, before anything is sent. */
export type MadeWeek = PrintedReport | UnchangedReport | MissingWeek;

/** Makes the report of a week that is due. Null while it waits for the next sync. */
export async function makeDueWeek(context: Context, due: DueWeek): Promise<MadeWeek | null> {
  const { history, agreement, week, isSent, asOf } = due;
  try {
    const gap = isSent ? null : await unsyncedPipelines(history, agreement, week);
    if (gap === null) return await make(context, due);
    if (asOf <= toldAfter(gap.through)) {
      context.log.info({ agreement: agreement.id, week: week.id }, `waits for the next sync: ${gap.why}`);
      return null;
    }
    return missing(due, notCovered(gap.why), gap.through);
  } catch (error) {
    return failed(context, due, error);
  }
}

/**
 * Sends what was made. Where there is nothing to send, `failures_to` is told, once that has lasted, unless the report has
 * gone out before: then only its next revision is in doubt.
 */
export async function sendDueWeek(context: Context, due: DueWeek, made: MadeWeek): Promise<WeeklyResult> {
  switch (made.outcome) {
    case "unchanged":
      return made;
    case "missing":
      return tellOf(context, due, made);
    case "printed":
      try {
        return await sendPrinted(context, due, made);
      } catch (error) {
        if (error instanceof HeldUpError) throw error;
        return tellOf(context, due, await failed(context, due, error));
      }
  }
}

async function make(context: Context, due: DueWeek): Promise<PrintedReport | UnchangedReport> {
  const { history, agreement, out } = due;
  const report = await reportWeek(context, { ...due, isAsOfAsked: true, isRestated: false });
  const files = reportFiles(report, out);
  const key = { agreement: agreement.id, week: report.week.id, revision: report.revision };
  if ((await isSentToAll(history, key, recipientsOf(agreement))) && (await areThere(files))) {
    return { outcome: "unchanged", report: withoutRuns(report), files };
  }
  return printNumbered(context, out, agreement, report);
}

async function failed(context: Context, due: DueWeek, error: unknown): Promise<MissingWeek> {
  context.signal.throwIfAborted();
  const which = { agreement: due.agreement.id, week: due.week.id };
  const message = error instanceof Error ? error.message : String(error);
  context.log.error({ ...which, error: message }, "the report failed");
  context.log.debug({ ...which, err: error }, "where the report failed");
  return missing(due, troubleOf(error), await readWellUntil(due, due.asOf));
}

function missing({ agreement, week }: DueWeek, trouble: Trouble, since: Date | null): MissingWeek {
  return { outcome: "missing", agreement, week, notSent: trouble.why, trouble, wellUntil: since };
}

async function tellOf(
  context: Context,
  due: DueWeek,
  { trouble, wellUntil: since, ...result }: MissingWeek,
): Promise<MissingReport> {
  const { agreement, week, isSent, asOf } = due;
  if (!isSent) {
    await sendLastingNotice(context, due, { agreement, week, trouble }, { wellUntil: since, asOf });
  }
  return result;
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
