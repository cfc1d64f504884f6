import type { History } from "@runledger/history";
import {
  abandon,
  ClaimLostError,
  claimMessage,
  noteHandover,
  noteReturn,
  readDelivery,
  settle,
  type DeliveryKey,
} from "./delivery-ledger.ts";
import type { Mailer, SendResult } from "./mailer.ts";
import { isAlive, type Sender } from "./sender.ts";

/** One message for one recipient, and how to come by it. */
export interface Delivery {
  key: DeliveryKey;
  messageId: string;
  /** The whole message; asked for only when it is to be sent. */
  compose: () => Buffer;
}

export type DeliveryResult =
  | SendResult
  /** The recipient wants no such mails. */
  | { status: "suppressed" }
  /** The ledger says that it was dealt with before, or another process is at it. */
  | { status: "skipped"; because: string };

export interface DeliverOptions {
  history: History;
  mailer: Mailer;
  sender: Sender;
  signal: AbortSignal;
  now: () => Date;
  /** Whether a message that was refused before is sent again. */
  isResend: boolean;
}

/**
 * Sends a message once in its life, however many machines try and whenever one of them dies. The ledger's row is claimed
 * before SMTP is spoken to, and says that the message leaves before it can have left.
 */
export async function deliver(delivery: Delivery, options: DeliverOptions): Promise<DeliveryResult> {
  const { history, mailer, sender, signal, now } = options;
  signal.throwIfAborted();
  const verdict = await claim(delivery, options);
  if (verdict !== "claimed") {
    return verdict;
  }
  const { key, compose } = delivery;
  const message = {
    recipient: key.recipient,
    raw: compose(),
    onHandover: () => noteHandover(history, key, sender.id),
    onReturn: () => noteReturn(history, key, sender.id),
  };
  try {
    const result = await mailer.send(message, signal);
    await settle(history, key, sender.id, result, now());
    return result;
  } catch (error) {
    if (error instanceof ClaimLostError) {
      return { status: "skipped", because: BEING_SENT };
    }
    throw error;
  }
}

const BEING_SENT = "another process is sending it";

const BECAUSE: Record<string, string> = {
  sent: "it has been sent before",
  failed: "it was refused before; report resend --failed sends it again",
  unknown: "it was handed over before and never confirmed",
};

/** Claims the message, also from a sender that died before it could have left. */
async function claim(delivery: Delivery, options: DeliverOptions): Promise<"claimed" | DeliveryResult> {
  const { key, messageId } = delivery;
  const { history, sender, isResend } = options;
  const claimAs = { messageId, sender: sender.id, isResend };
  const verdict = await claimMessage(history, key, { ...claimAs, deadSender: null });
  if (verdict !== null) {
    return toResult(verdict);
  }
  const { status, claimed_by: owner, handed_over_at: handedOverAt } = await readDelivery(history, key);
  if (status !== "claimed") {
    return toResult(status);
  }
  if (owner !== null && (await isAlive(history, owner))) {
    return toResult(null);
  }
  return handedOverAt === null
    ? toResult(await claimMessage(history, key, { ...claimAs, deadSender: owner }))
    : giveUp(delivery, owner, options);
}

/** Nobody will hear whether a message arrived whose sender died after it had handed it over. */
async function giveUp({ key }: Delivery, owner: string | null, { history }: DeliverOptions) {
  const error = "the process that was sending it ended; the message may have left";
  const isGivenUp = await abandon(history, key, owner, error);
  return isGivenUp ? { status: "unknown" as const, error, attempts: 0 } : toResult(null);
}

/** What a status of the ledger means for this run; null: the message is somebody else's. */
function toResult(status: string | null): "claimed" | DeliveryResult {
  if (status === "claimed") {
    return status;
  }
  return status === "suppressed"
    ? { status }
    : { status: "skipped", because: status === null ? BEING_SENT : (BECAUSE[status] ?? status) };
}
