import type { History } from "@runledger/history";
import { sql } from "kysely";
import type { Mailer, SendResult } from "./mailer.ts";

/** One message for one recipient: the ledger's key, and how to come by the message. */
export interface Delivery {
  agreement: string;
  week: string;
  revision: number;
  recipient: string;
  messageId: string;
  /** The whole message; asked for only when it is to be sent. */
  compose: () => Buffer;
}

export type DeliveryResult =
  | SendResult
  /** The ledger says that it was dealt with before, or another process is at it. */
  | { status: "skipped"; because: string };

export interface DeliverOptions {
  history: History;
  mailer: Mailer;
  signal: AbortSignal;
  now: () => Date;
  /** Whether a message that was refused before is sent again. Default: no. */
  isResend?: boolean;
}

/**
 * Sends a message once in its life, however many machines try. The ledger's row is claimed before SMTP is spoken to;
 * a claim whose owner has died is `unknown`, for its message may have left.
 */
export async function deliver(delivery: Delivery, options: DeliverOptions): Promise<DeliveryResult> {
  const { history } = options;
  await using lock = await lockMessage(history, delivery);
  if (!lock.isOurs) {
    return { status: "skipped", because: "another process is sending it" };
  }
  const before = await claim(delivery, options);
  if (before === "claimed") {
    const error = "the process that was sending it ended; the message may have left";
    await settle(history, delivery, { status: "unknown", error, attempts: 0 }, null);
    return { status: "unknown", error, attempts: 0 };
  }
  if (before !== null) {
    return { status: "skipped", because: BECAUSE[before] ?? before };
  }
  const result = await options.mailer.send(delivery.recipient, delivery.compose(), options.signal);
  await settle(history, delivery, result, options.now());
  return result;
}

const BECAUSE: Record<string, string> = {
  sent: "it has been sent before",
  failed: "it was refused before; report resend --failed sends it again",
  unknown: "it was handed over before and never confirmed",
};

interface MessageLock extends AsyncDisposable {
  isOurs: boolean;
}

/** A lock of the database session: it ends with the process, however that ends. */
async function lockMessage({ pool }: History, delivery: Delivery): Promise<MessageLock> {
  const session = await pool.connect();
  const key = JSON.stringify(keyOf(delivery));
  const { rows } = await session.query<{ taken: boolean }>(
    "select pg_try_advisory_lock(hashtextextended($1, 0)) as taken",
    [key],
  );
  const isOurs = rows[0]?.taken === true;
  return {
    isOurs,
    async [Symbol.asyncDispose]() {
      if (isOurs) {
        await session.query("select pg_advisory_unlock(hashtextextended($1, 0))", [key]);
      }
      session.release();
    },
  };
}

/** Claims the message; null when it is ours now, else the status it has. */
async function claim(
  delivery: Delivery,
  { history, isResend = false }: DeliverOptions,
): Promise<string | null> {
  const key = keyOf(delivery);
  const claimed = await history.db
    .insertInto("deliveries")
    .values({ ...key, message_id: delivery.messageId, status: "claimed" })
    .onConflict((conflict) =>
      conflict
        .constraint("deliveries_pkey")
        .doUpdateSet({ status: "claimed", claimed_at: sql`now()` })
        .where(sql<boolean>`deliveries.status = 'failed' and ${isResend}`),
    )
    .returning("recipient")
    .executeTakeFirst();
  if (claimed) {
    return null;
  }
  const { status } = await history.db
    .selectFrom("deliveries")
    .select("status")
    .where((eb) => eb.and(key))
    .executeTakeFirstOrThrow();
  return status;
}

async function settle(
  { db }: History,
  delivery: Delivery,
  { status, error, attempts }: SendResult,
  now: Date | null,
): Promise<void> {
  await db
    .updateTable("deliveries")
    .set((eb) => ({
      status,
      attempts: eb("attempts", "+", attempts),
      last_error: error,
      sent_at: status === "sent" ? now : null,
    }))
    .where((eb) => eb.and(keyOf(delivery)))
    .execute();
}

function keyOf({ agreement, week, revision, recipient }: Delivery) {
  return { agreement, week, revision, recipient };
}
