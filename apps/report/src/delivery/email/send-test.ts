import { randomUUID } from "node:crypto";
import type { Context } from "@runledger/cli";
import { distinctRecipients, type Agreement } from "@runledger/config";
import type { Mailer } from "./mailer.ts";
import type { SendResult } from "../channel.ts";
import { composeReport } from "../../files/print-report.ts";
import type { WeeklyReport } from "@runledger/sla";
import { letterheadOf } from "./email-channel.ts";

/** How one test mail fared. */
export interface TestResult {
  recipient: string;
  result: SendResult;
}

/** Sends a report's mail to `to` instead of its recipients, marked as a test, past the ledger. */
export async function sendTest(
  context: Context,
  mailer: Mailer,
  report: WeeklyReport,
  agreement: Agreement,
  to: readonly string[],
): Promise<TestResult[]> {
  const recipients = distinctRecipients(to);
  const addressed = { ...agreement, report: { ...agreement.report, to: recipients, cc: [] } };
  const { mail } = await composeReport(report, addressed, letterheadOf(context, agreement), randomUUID());
  const results: TestResult[] = [];
  for (const recipient of recipients) {
    const message = { recipient, raw: mail.messageFor(recipient).compose() };
    results.push({ recipient, result: await mailer.send(message, context.signal) });
  }
  return results;
}
