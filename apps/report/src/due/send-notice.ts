import type { Context } from "@runledger/cli";
import { distinctRecipients } from "@runledger/config";
import { enlist, type History } from "@runledger/history";
import { deliver, type MessageRecord } from "../delivery/deliver.ts";
import { ledgerRecord, type NoticeKey } from "../delivery/delivery-ledger.ts";
import type { Mailer } from "../delivery/email/mailer.ts";
import { SENDER_NAME } from "../delivery/send-report.ts";
import { fromHeader } from "../delivery/email/email-channel.ts";
import { toldAfter } from "./lasting-trouble.ts";
import { noticeFile } from "./notice-files.ts";
import { noticeMessage, type Notice } from "@runledger/mail";

export interface NoticeSender {
  mailer: Mailer;
  /** Null when the database cannot be asked: then files below `out` tell what was sent. */
  history: History | null;
  out: string;
}

/**
 * Tells an agreement's `failures_to` that a week has no report, each once for the same trouble. What goes wrong with it
 * is logged, for what keeps the report from being made matters more.
 */
export async function sendNotice(context: Context, sender: NoticeSender, notice: Notice): Promise<void> {
  const { agreement, week, trouble } = notice;
  const which = { agreement: agreement.id, week: week.id, trouble: trouble.kind };
  try {
    await sendToAll(context, sender, notice);
  } catch (error) {
    context.signal.throwIfAborted();
    context.log.error({ ...which, error: String(error) }, "a notice could not be sent");
  }
}

/** Sends it once the trouble has lasted; before that, the log says when that will be. */
export async function sendLastingNotice(
  context: Context,
  sender: NoticeSender,
  notice: Notice,
  { wellUntil, asOf }: { wellUntil: Date | null; asOf: Date },
): Promise<void> {
  const after = toldAfter(wellUntil);
  if (asOf > after) {
    await sendNotice(context, sender, notice);
    return;
  }
  const { agreement, week, trouble } = notice;
  const which = { agreement: agreement.id, week: week.id, trouble: trouble.kind };
  context.log.warn(
    which,
    `there is no report yet; failures_to is told if that lasts beyond ${after.toISOString()}`,
  );
}

async function sendToAll(
  context: Context,
  { mailer, history, out }: NoticeSender,
  notice: Notice,
): Promise<void> {
  const recipients = distinctRecipients(notice.agreement.report.failuresTo);
  const sendAll = async (recordOf: (key: NoticeKey) => MessageRecord, signal: AbortSignal): Promise<void> => {
    const sendings = recipients.map((recipient) =>
      sendOne({ ...context, signal }, mailer, notice, recipient, recordOf),
    );
    const failed = (await Promise.allSettled(sendings)).find(({ status }) => status === "rejected");
    if (failed?.status === "rejected") {
      throw failed.reason;
    }
  };
  if (history === null) {
    await sendAll((key) => noticeFile(out, key), context.signal);
    return;
  }
  await using sender = await enlist(history, SENDER_NAME);
  const options = { history, processUuid: sender.uuid, isResend: true };
  await sendAll(
    (key) => ledgerRecord({ table: "notices", key }, options),
    AbortSignal.any([context.signal, sender.signal]),
  );
}

async function sendOne(
  context: Context,
  mailer: Mailer,
  notice: Notice,
  recipient: string,
  recordOf: (key: NoticeKey) => MessageRecord,
): Promise<void> {
  const { agreement, week, trouble } = notice;
  const key = { agreement: agreement.id, week: week.id, trouble: trouble.kind, recipient };
  const { signal, now, log } = context;
  const compose = () => noticeMessage(notice, { from: fromHeader(context), to: recipient, date: now() });
  const { status } = await deliver(
    { record: recordOf(key), recipient, compose },
    { channel: mailer, signal, now, log },
  );
  if (status !== "skipped") {
    log.info({ ...key, status }, "told that there is no report");
  }
}
