import type { Context } from "@runledger/cli";
import type { Agreement } from "@runledger/config";
import type { History } from "@runledger/history";
import type { Mailer } from "../delivery/email/mailer.ts";
import { printReport, readPrintedMail } from "../files/print-report.ts";
import { type WeeklyReport, withoutRuns } from "@runledger/sla";
import { sendReport, whyNotToSend } from "../delivery/send-report.ts";
import { letterheadOf, emailChannel } from "../delivery/email/email-channel.ts";
import type { PrintedReport, PublishedReport } from "./weekly-result.ts";

/** Writes a report's files. Its runs are let go: those of all agreements would be too many to hold until all are sent. */
export async function printNumbered(
  context: Context,
  out: string,
  agreement: Agreement,
  report: WeeklyReport,
): Promise<PrintedReport> {
  const files = await printReport(report, agreement, letterheadOf(context, agreement), out);
  return { outcome: "printed", agreement, report: withoutRuns(report), files };
}

/** With a mailer, sends a report that was printed, if its week is closed and its data is there. */
export async function sendPrinted(
  context: Context,
  { history, mailer }: { history: History; mailer: Mailer | null },
  { agreement, report, files }: PrintedReport,
): Promise<PublishedReport> {
  const published = { outcome: "published", report, files } as const;
  const notSent = mailer && whyNotToSend(report);
  if (mailer === null || notSent !== null) {
    return { ...published, deliveries: [], notSent };
  }
  const channel = emailChannel(mailer);
  const recipients = channel.recipients(agreement);
  const which = { agreement: agreement.id, week: report.week.id, revision: report.revision };
  context.log.info({ ...which, recipients: recipients.length }, "sending");
  const mail = await readPrintedMail(report, agreement, letterheadOf(context, agreement), files);
  const sending = { history, channel, isResend: false };
  return { ...published, deliveries: await sendReport(context, sending, report, mail, recipients), notSent };
}
