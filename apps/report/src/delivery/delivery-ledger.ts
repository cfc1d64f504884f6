import { recipientKey } from "@runledger/config";
import { isAliveSql, type DeliveryStatus, type History } from "@runledger/history";
import { sql, type RawBuilder } from "kysely";
import { BEING_SENT, ClaimLostError, type DeliveryResult, type MessageRecord } from "./deliver.ts";
import type { ChannelName } from "./channel.ts";
import type { SendResult } from "./channel.ts";

/** A recipient gets a revision once by each channel. */
interface DeliveryKey {
  agreement: string;
  week: string;
  revision: number;
  channel: ChannelName;
  recipient: string;
}

/** And is told once of each kind of trouble with a week. */
export interface NoticeKey {
  agreement: string;
  week: string;
  trouble: string;
  recipient: string;
}

/** Which row of which table. The tables have the other columns in common. */
export type LedgerRow =
  | { table: "deliveries"; key: DeliveryKey; messageId: string }
  | { table: "notices"; key: NoticeKey };

export interface LedgerOptions {
  history: History;
  /** The process that claims it, by its row in `processes`. */
  processUuid: string;
  /** Whether a message that was refused before may be claimed. */
  isResend: boolean;
}

/** A message's row in the history: it is sent once from however many machines. */
export function ledgerRecord(row: LedgerRow, options: LedgerOptions): MessageRecord {
  return {
    claim: () => claim(row, options),
    noteHandover: () => noteHandover(row, options),
    noteTry: () => noteTry(row, options),
    noteSetback: (error) => noteSetback(row, options, error),
    settle: (result, now) => settle(row, options, result, now),
  };
}

const BECAUSE: Record<Exclude<DeliveryStatus, "claimed" | "suppressed">, string> = {
  sent: "it has been sent before",
  failed: "it was refused before; report resend --failed sends it again",
  unknown: "it was handed over before and never confirmed",
};

async function claim(row: LedgerRow, options: LedgerOptions): Promise<"claimed" | DeliveryResult> {
  const status = (await tryToClaim(row, options)) ?? (await readStatus(row, options));
  switch (status) {
    case "ours":
      return "claimed";
    case "suppressed":
      return { status };
    case "claimed":
      return (await giveUp(row, options)) ?? BEING_SENT;
    default:
      return { status: "skipped", because: BECAUSE[status], isUnsent: status === "failed" };
  }
}

/**
 * Claims a message in one statement: when it is new, was refused, or when its sender has died and had not handed it over.
 * Null when it is neither, for it has been dealt with or somebody else has it.
 */
async function tryToClaim(
  row: LedgerRow,
  { history, processUuid, isResend }: LedgerOptions,
): Promise<"ours" | "suppressed" | null> {
  const spellings = row.table === "deliveries" ? await spellingsIn(history, row.key.recipient) : [];
  const messageId = row.table === "deliveries" ? sql`, message_id = excluded.message_id` : sql``;
  const values = { ...row.key, ...(row.table === "deliveries" && { message_id: row.messageId }) };
  const { rows } = await sql<{ status: string }>`
    insert into ${tableOf(row)} as known (${sql.join(Object.keys(values).map((name) => sql.ref(name)))},
                                          status, claimed_by, handed_over_at)
    values (${sql.join(Object.values(values))}, ${initialStatus(row, spellings)}, ${processUuid}, null)
    on conflict on constraint ${sql.ref(`${row.table}_pkey`)} do update
    set status = excluded.status, recipient = excluded.recipient${messageId}, claimed_by = excluded.claimed_by, claimed_at = now(), handed_over_at = null
    where (known.status = 'failed' and (${isResend} or excluded.status = 'suppressed'))
       or (known.status = 'claimed' and known.handed_over_at is null and not ${OWNER_LIVES})
    returning status`.execute(history.db);
  const [claimed] = rows;
  return claimed ? (claimed.status === "claimed" ? "ours" : "suppressed") : null;
}

/** Reports are not sent to those who want none. Notices go to who is responsible. */
function initialStatus(row: LedgerRow, spellings: readonly string[]): RawBuilder<string> {
  if (row.table === "notices") {
    return sql`'claimed'`;
  }
  const { recipient, agreement } = row.key;
  return sql`case when exists (
    select from runledger.suppressions s
    where (lower(s.recipient collate "C") = ${recipientKey(recipient)} or s.recipient = any(${spellings}))
      and coalesce(s.agreement, ${agreement}) = ${agreement}
  ) then 'suppressed' else 'claimed' end`;
}

/** Whoever writes a suppression may write its domain in any script; SQL cannot compare those. */
async function spellingsIn({ db }: History, recipient: string): Promise<string[]> {
  const rows = await db
    .selectFrom("suppressions")
    .select("recipient")
    .where(sql<boolean>`octet_length(recipient) <> char_length(recipient)`)
    .execute();
  const key = recipientKey(recipient);
  return rows.map((row) => row.recipient).filter((spelling) => recipientKey(spelling) === key);
}

async function readStatus(row: LedgerRow, { history }: LedgerOptions): Promise<DeliveryStatus> {
  const { rows } = await sql<{ status: DeliveryStatus }>`
    select status from ${tableOf(row)} known where ${isRow(row)}`.execute(history.db);
  return rows[0]?.status ?? "claimed";
}

/**
 * Writes down that nobody will learn how a message fared whose sender died after it had handed it over. Null when that is
 * not so: its sender lives, or has not handed it over.
 */
async function giveUp(row: LedgerRow, { history }: LedgerOptions): Promise<DeliveryResult | null> {
  const error = "the process that was sending it ended; the message may have left";
  const isGivenUp = await updates(
    history,
    sql`update ${tableOf(row)} known set status = 'unknown', last_error = ${error}
        where ${isRow(row)} and status = 'claimed' and handed_over_at is not null and not ${OWNER_LIVES}`,
  );
  return isGivenUp ? { status: "unknown", error, attempts: 0 } : null;
}

async function noteHandover(row: LedgerRow, { history, processUuid }: LedgerOptions): Promise<void> {
  const isOurs = await updates(
    history,
    sql`update ${tableOf(row)} known set handed_over_at = now()
        where ${isRow(row)} and claimed_by = ${processUuid} and status = 'claimed' and handed_over_at is null`,
  );
  if (!isOurs) {
    throw new ClaimLostError(`the message for ${row.key.recipient} has been claimed by another process`);
  }
}

async function noteTry(row: LedgerRow, { history, processUuid }: LedgerOptions): Promise<void> {
  await updates(
    history,
    sql`update ${tableOf(row)} known set attempts = attempts + 1
        where ${isRow(row)} and claimed_by = ${processUuid}`,
  );
}

async function noteSetback(
  row: LedgerRow,
  { history, processUuid }: LedgerOptions,
  error: string,
): Promise<void> {
  await updates(
    history,
    sql`update ${tableOf(row)} known set status = 'claimed', handed_over_at = null, last_error = ${error}
        where ${isRow(row)} and claimed_by = ${processUuid}`,
  );
}

/** Where the claim was lost in the meantime, the other process's word holds. */
async function settle(
  row: LedgerRow,
  { history, processUuid }: LedgerOptions,
  { status, error }: SendResult,
  now: Date,
): Promise<void> {
  const isPutOff = status === "put_off";
  const sentAt = status === "sent" ? now : null;
  await updates(
    history,
    sql`update ${tableOf(row)} known
        set status = ${isPutOff ? "claimed" : status}, claimed_by = ${isPutOff ? null : processUuid}, last_error = ${error}, sent_at = ${sentAt}
        where ${isRow(row)} and claimed_by = ${processUuid}`,
  );
}

const OWNER_LIVES = sql<boolean>`${sql.raw(isAliveSql("known.claimed_by"))}`;

function tableOf({ table }: LedgerRow) {
  return sql.table(`runledger.${table}`);
}

function isRow({ key }: LedgerRow): RawBuilder<boolean> {
  const { recipient, ...rest } = key;
  const columns = { ...rest, recipient_key: recipientKey(recipient) };
  const conditions = Object.entries(columns).map(
    ([name, value]) => sql`${sql.ref(`known.${name}`)} = ${value}`,
  );
  return sql<boolean>`${sql.join(conditions, sql` and `)}`;
}

async function updates({ db }: History, statement: RawBuilder<unknown>): Promise<boolean> {
  const { numAffectedRows = 0n } = await statement.execute(db);
  return numAffectedRows > 0n;
}
