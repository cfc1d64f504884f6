import { recipientKey } from "@runledger/config";
import { DELIVERY_STATUSES, type History } from "@runledger/history";
import type { DeliveryDocument } from "./report-documents.ts";
import { channelNames } from "../delivery/channel.ts";
import type { RecipientResult } from "../delivery/send-report.ts";

/** Which messages of the ledger: all of them, a week's or a revision's. */
export interface DeliveriesAsked {
  agreement?: string;
  week?: string;
  revision?: number;
}

/** The ledger of messages, the latest week first. */
export async function readDeliveryDocuments(
  { db }: History,
  asked: DeliveriesAsked,
): Promise<DeliveryDocument[]> {
  const rows = await db
    .selectFrom("deliveries")
    .selectAll()
    .where((eb) => eb.and(asked))
    .orderBy("week", "desc")
    .orderBy("agreement")
    .orderBy("revision")
    .orderBy("channel")
    .orderBy("recipient")
    .execute();
  return rows.map((row) => ({
    agreement: row.agreement,
    week: row.week,
    revision: row.revision,
    channel: channelNames.find((name) => name === row.channel) ?? "email",
    recipient: row.recipient,
    status: statusOf(row.status),
    attempts: row.attempts,
    messageId: row.message_id,
    lastError: row.last_error,
    sentAt: row.sent_at,
    notSentBecause: null,
  }));
}

/** What the ledger says of messages that were to be sent now, and why those were not that were not. */
export async function toDeliveryDocuments(
  history: History,
  key: Required<DeliveriesAsked>,
  results: readonly RecipientResult[],
): Promise<DeliveryDocument[]> {
  if (results.length === 0) return [];
  const rows = await readDeliveryDocuments(history, key);
  return results.map(({ recipient, result }) => {
    const row = rows.find((each) => recipientKey(each.recipient) === recipientKey(recipient));
    return { ...(row ?? testDelivery(key, { recipient, result })), notSentBecause: whyNot(result) };
  });
}

/** A message that is in no ledger. */
export function testDelivery(
  key: Required<DeliveriesAsked>,
  { recipient, result }: RecipientResult,
): DeliveryDocument {
  const { status, attempts, error } = { attempts: 0, error: null, ...result };
  return {
    ...key,
    channel: "email",
    recipient,
    status: status === "skipped" ? "unknown" : status === "put_off" ? "claimed" : status,
    attempts,
    messageId: null,
    lastError: error,
    sentAt: null,
    notSentBecause: whyNot(result),
  };
}

function whyNot(result: RecipientResult["result"]): string | null {
  if (result.status === "skipped") return result.because;
  if (result.status === "put_off") return result.error;
  return result.status === "suppressed" ? "the recipient wants none" : null;
}

function statusOf(text: string): DeliveryDocument["status"] {
  return DELIVERY_STATUSES.find((status) => status === text) ?? "unknown";
}
