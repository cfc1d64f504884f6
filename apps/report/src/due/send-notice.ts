import type { Context } from "@runledger/cli";
import type { Mailer } from "../delivery/mailer.ts";
import type { NoticeClaims, NoticeKey } from "./notice-claims.ts";
import { noticeMessage, type Notice } from "./notice.ts";
import { fromHeader } from "../delivery/send-report.ts";

export interface NoticeSender {
  mailer: Mailer;
  claims: NoticeClaims;
}

/**
 * Tells an agreement's `failures_to` that a week has no report, each once for the same trouble. What goes wrong with it
 * is logged, for what keeps the report from being made matters more.
 */
export async function sendNotice(
  context: Context,
  { mailer, claims }: NoticeSender,
  notice: Notice,
): Promise<void> {
  const { agreement, week, trouble } = notice;
  const sendTo = async (recipient: string): Promise<void> => {
    const key = { agreement: agreement.id, week: week.id, trouble: trouble.kind, recipient };
    try {
      if (await claims.claim(key)) {
        await sendClaimed(context, { mailer, claims }, notice, key);
      }
    } catch (error) {
      context.signal.throwIfAborted();
      context.log.error({ ...key, error: String(error) }, "a notice could not be sent");
    }
  };
  await Promise.all([...new Set(agreement.report.failuresTo)].map(sendTo));
}

async function sendClaimed(
  context: Context,
  { mailer, claims }: NoticeSender,
  notice: Notice,
  key: NoticeKey,
): Promise<void> {
  const { signal, now, log } = context;
  const raw = await noticeMessage(notice, { from: fromHeader(context), to: key.recipient, date: now() });
  // Whatever ends the sending before it has a result, the next run sends the notice.
  const result = await mailer
    .send({ recipient: key.recipient, raw }, signal)
    .catch(async (error: unknown) => {
      await claims.settle(key, { status: "failed", error: String(error) }, now());
      throw error;
    });
  await claims.settle(key, result, now());
  log.info({ ...key, status: result.status }, "told that there is no report");
}
