import type { Context } from "@runledger/cli";
import type { Channel, ComposedMessage, SendResult } from "./channel.ts";

/** One message for one recipient, and how to come by it. */
export interface Delivery extends Omit<ComposedMessage, "messageId"> {
  /** Its row in the ledger. */
  record: MessageRecord;
  recipient: string;
}

/** Where it is kept what became of a message, whoever sends it. */
export interface MessageRecord {
  /** Claims it for this process, also from one that died before it could have left. */
  claim: () => Promise<"claimed" | DeliveryResult>;
  /**
   * Writes down that the message is about to leave. From here on only this process's word, or none, settles it.
   *
   * @throws ClaimLostError when the claim is not ours any more: the message must not leave.
   */
  noteHandover: () => Promise<void>;
  /** Writes down that it is tried. */
  noteTry: () => Promise<void>;
  /** Writes down why a try failed; the message is here and will be tried again. */
  noteSetback: (error: string) => Promise<void>;
  /** Writes down how sending ended. What was put off is anybody's to claim again. */
  settle: (result: SendResult, now: Date) => Promise<void>;
}

export type DeliveryResult =
  | SendResult
  /** The recipient wants no such mails. */
  | { status: "suppressed" }
  /** The ledger says that it was dealt with before, or another process is at it. */
  | {
      status: "skipped";
      because: string;
      /** Whether it has not arrived, and will not unless somebody sees to it. */
      isUnsent?: boolean;
    };

/** Another process has claimed the message in the meantime. */
export class ClaimLostError extends Error {
  override name = "ClaimLostError";
}

export const BEING_SENT = { status: "skipped", because: "another process is sending it" } as const;

/**
 * Sends a message once in its life, however many machines try and whenever one of them dies or stands still. Its record is
 * claimed before SMTP is spoken to, and says that the message leaves before it can have left.
 */
export async function deliver(
  { record, recipient, compose, smaller = [] }: Delivery,
  {
    channel,
    signal,
    now,
    log,
  }: { channel: Pick<Channel<unknown>, "send"> } & Pick<Context, "signal" | "now" | "log">,
): Promise<DeliveryResult> {
  signal.throwIfAborted();
  const verdict = await record.claim();
  if (verdict !== "claimed") {
    return verdict;
  }
  const message = {
    recipient,
    raw: await compose(),
    onHandover: () => record.noteHandover(),
    smaller,
    onTry: () => record.noteTry(),
    async onSetback(error: string, pauseMs: number) {
      await record.noteSetback(error);
      log.warn(
        { recipient, error, nextTryInSeconds: pauseMs / 1000 },
        "a message was not taken; it is tried again",
      );
    },
  };
  try {
    const result = await channel.send(message, signal);
    await record.settle(result, now());
    const { status, attempts, error } = result;
    if (status === "sent") log.info({ recipient, attempts }, "sent");
    else log.warn({ recipient, status, attempts, error }, "not sent");
    return result;
  } catch (error) {
    if (error instanceof ClaimLostError) {
      return BEING_SENT;
    }
    throw error;
  }
}
