import type { History } from "@runledger/history";
import { sql } from "kysely";
import type { SendResult } from "./mailer.ts";

/** The ledger's key: a recipient gets a revision once. */
export interface DeliveryKey {
  agreement: string;
  week: string;
  revision: number;
  recipient: string;
}

/** Another sender has claimed the message in the meantime. */
export class ClaimLostError extends Error {
  override name = "ClaimLostError";
}

export interface ClaimOptions {
  messageId: string;
  /** Who claims it. */
  sender: string;
  /** Whether a message that was refused before may be claimed. */
  isResend: boolean;
  /** A sender that has died: what it claimed and did not hand over may be claimed. */
  deadSender: string | null;
}

/**
 * Claims a message in one statement: `claimed` when it is ours now, `suppressed` when the recipient wants none, null
 * when neither, for it has been dealt with or somebody else has it.
 */
export async function claimMessage(
  { db }: History,
  key: DeliveryKey,
  { messageId, sender, isResend, deadSender }: ClaimOptions,
): Promise<"claimed" | "suppressed" | null> {
  const row = await db
    .insertInto("deliveries")
    .values((eb) => ({
      ...key,
      message_id: messageId,
      status: eb
        .case()
        .when(isSuppressed(key))
        .then("suppressed" as const)
        .else("claimed" as const)
        .end(),
      claimed_by: sender,
      handed_over_at: null,
    }))
    .onConflict((conflict) =>
      conflict
        .constraint("deliveries_pkey")
        .doUpdateSet((eb) => ({
          status: eb.ref("excluded.status"),
          claimed_by: sender,
          claimed_at: sql`now()`,
          handed_over_at: null,
        }))
        .where(
          sql<boolean>`(deliveries.status = 'failed' and ${isResend})
            or (deliveries.status = 'claimed' and deliveries.handed_over_at is null and deliveries.claimed_by is not distinct from ${deadSender})`,
        ),
    )
    .returning("status")
    .executeTakeFirst();
  return row ? (row.status === "claimed" ? "claimed" : "suppressed") : null;
}

function isSuppressed({ recipient, agreement }: DeliveryKey) {
  return sql<boolean>`exists (
    select from runledger.suppressions s
    where lower(s.recipient) = lower(${recipient}) and coalesce(s.agreement, ${agreement}) = ${agreement}
  )`;
}

/** A message's state in the ledger. */
export async function readDelivery({ db }: History, key: DeliveryKey) {
  return db
    .selectFrom("deliveries")
    .select(["status", "claimed_by", "handed_over_at"])
    .where((eb) => eb.and(key))
    .executeTakeFirstOrThrow();
}

/**
 * Writes down that a claimed message is about to leave. From here on only its own sender's word, or none, settles it.
 *
 * @throws ClaimLostError when the claim is not ours any more: the message must not leave.
 */
export async function noteHandover({ db }: History, key: DeliveryKey, sender: string): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable("deliveries")
    .set({ handed_over_at: sql`now()` })
    .where((eb) => eb.and({ ...key, claimed_by: sender, status: "claimed" }))
    .where("handed_over_at", "is", null)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) {
    throw new ClaimLostError(`the message for ${key.recipient} has been claimed by another sender`);
  }
}

/** Writes down that the server has given a message back. */
export async function noteReturn({ db }: History, key: DeliveryKey, sender: string): Promise<void> {
  await db
    .updateTable("deliveries")
    .set({ status: "claimed", handed_over_at: null })
    .where((eb) => eb.and({ ...key, claimed_by: sender }))
    .execute();
}

/** Writes down that nobody will learn how a dead sender's message fared; false when somebody just did. */
export async function abandon(
  { db }: History,
  key: DeliveryKey,
  deadSender: string | null,
  error: string,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("deliveries")
    .set({ status: "unknown", last_error: error })
    .where((eb) => eb.and({ ...key, status: "claimed" }))
    .where("claimed_by", "is not distinct from", deadSender)
    .where("handed_over_at", "is not", null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Writes down how sending ended. Where the claim was lost in the meantime, the other sender's word holds. */
export async function settle(
  { db }: History,
  key: DeliveryKey,
  sender: string,
  { status, error, attempts }: SendResult,
  now: Date,
): Promise<void> {
  await db
    .updateTable("deliveries")
    .set((eb) => ({
      status,
      attempts: eb("attempts", "+", attempts),
      last_error: error,
      sent_at: status === "sent" ? now : null,
    }))
    .where((eb) => eb.and({ ...key, claimed_by: sender }))
    .execute();
}
