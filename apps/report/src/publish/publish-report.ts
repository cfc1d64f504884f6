import type { Context } from "@runledger/cli";
import type { Agreement } from "@runledger/config";
import type { History } from "@runledger/history";
import type { Mailer } from "../delivery/mailer.ts";
import { printReport } from "../files/print-report.ts";
import { type WeeklyReport, withoutRuns } from "@runledger/sla";
import { letterheadOf, recipientsOf, sendReport, whyNotToSend } from "../delivery/send-report.ts";
import type { PublishedReport } from "./weekly-result.ts";
import { sayFigures } from "./weekly-summary.ts";

export interface PublishOptions {
  history: History;
  /** Where the files go. */
  out: string;
  /** Null when it is written to files only. */
  mailer: Mailer | null;
}

/** Writes a report's files and, with a mailer, sends it if its week is closed and its data is there. */
export async function publishReport(
  context: Context,
  { history, out, mailer }: PublishOptions,
  agreement: Agreement,
  report: WeeklyReport,
): Promise<PublishedReport> {
  const { files, mail } = await printReport(report, agreement, letterheadOf(context, agreement), out);
  const notSent = mailer && whyNotToSend(report);
  const sending = mailer && notSent === null ? { history, mailer, isResend: false } : null;
  const isTold = sending !== null && !context.isJson;
  if (isTold) sayFigures(context, report, files);
  const deliveries = sending ? await sendReport(context, sending, report, mail, recipientsOf(agreement)) : [];
  return { outcome: "published", report: withoutRuns(report), files, deliveries, notSent, isTold };
}
