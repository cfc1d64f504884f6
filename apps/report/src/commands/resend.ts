import { exitCode, printResult, UsageError, type Context, type ExitCode } from "@runledger/cli";
import { loadConfig } from "@runledger/config";
import { openWritableHistory, type History } from "@runledger/history";
import { assertClockNotBehind, readNow } from "../weeks/clock.ts";
import { printReport, readPrintedMail } from "../files/print-report.ts";
import { reportWeek } from "../weeks/report-week.ts";
import { isDelivered, sendReport, type RecipientResult } from "../delivery/send-report.ts";
import { createConfiguredMailer, emailChannel, letterheadOf } from "../delivery/email/email-channel.ts";
import { weekOf } from "@runledger/sla";
import { z } from "zod";
import { toDeliveryDocuments } from "../json/delivery-documents.ts";
import type { DeliveryDocument } from "../json/report-documents.ts";
import { deliveryLine } from "../publish/weekly-summary.ts";

export const resendOptions = z.object({ failed: z.boolean().optional(), out: z.string() });

/** What came of a revision's messages. */
interface Sending {
  key: { agreement: string; week: string; revision: number };
  results: RecipientResult[];
}

/** Sends again what was refused, to those recipients only. What may have arrived is left alone. */
export async function resend(
  context: Context,
  { failed, out }: z.output<typeof resendOptions>,
): Promise<ExitCode> {
  const { environment } = context;
  if (!failed) {
    throw new UsageError("say what to send again: report resend --failed");
  }
  const config = await loadConfig(environment.configPath);
  using mailer = createConfiguredMailer(context, config.agreements);
  await using history = await openWritableHistory(environment.databaseUrl, "runledger-report");
  await assertClockNotBehind(context, history);
  const sendings: Sending[] = [];
  for (const { agreement: id, week: weekId, revision, recipients } of await failedReports(history)) {
    const key = { agreement: id, week: weekId, revision };
    const agreement = config.agreements.find((candidate) => candidate.id === id);
    if (!agreement) {
      const because = `agreement ${id} is no longer configured`;
      sendings.push({ key, results: recipients.map((recipient) => gone(recipient, because)) });
      continue;
    }
    const week = weekOf(weekId, agreement.timezone);
    const asOf = await readNow(context, history);
    const report = await reportWeek(context, {
      history,
      config,
      agreement,
      week,
      asOf,
      isAsOfAsked: true,
      isRestated: false,
    });
    if (report.revision !== revision) {
      const because = `revision ${report.revision} has taken its place; report weekly --week ${weekId} --send`;
      sendings.push({ key, results: recipients.map((recipient) => gone(recipient, because)) });
      continue;
    }
    const letterhead = letterheadOf(context, agreement);
    const files = await printReport(report, agreement, letterhead, out);
    const mail = await readPrintedMail(report, agreement, letterhead, files);
    const sending = { history, channel: emailChannel(mailer), isResend: true };
    sendings.push({ key, results: await sendReport(context, sending, report, mail, recipients) });
  }
  const documents = context.isJson
    ? await Promise.all(sendings.map(({ key, results }) => toDeliveryDocuments(history, key, results)))
    : [];
  const results = sendings.flatMap((sending) => sending.results);
  printResult<DeliveryDocument[]>(context, {
    document: () => documents.flat(),
    lines: () => (results.length === 0 ? ["Nothing had failed."] : results.map(deliveryLine)),
  });
  return results.every(isDelivered) ? exitCode.done : exitCode.partial;
}

async function failedReports({ db }: History) {
  return db
    .selectFrom("deliveries")
    .select((eb) => [
      "agreement",
      "week",
      "revision",
      eb.fn<string[]>("array_agg", ["recipient"]).as("recipients"),
    ])
    .where("status", "=", "failed")
    .groupBy(["agreement", "week", "revision"])
    .orderBy("week")
    .orderBy("agreement")
    .orderBy("revision")
    .execute();
}

function gone(recipient: string, because: string): RecipientResult {
  return { recipient, result: { status: "skipped", because } };
}
