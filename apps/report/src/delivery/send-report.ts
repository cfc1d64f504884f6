import type { Context } from "@runledger/cli";
import { enlist, orHeldUp, type History, type LeaseTiming } from "@runledger/history";
import pMap from "p-map";
import { deliver, type DeliveryResult } from "./deliver.ts";
import { ledgerRecord } from "./delivery-ledger.ts";
import type { Channel } from "./channel.ts";
import type { ReportWithoutRuns } from "@runledger/sla";

/** How one recipient's message fared. */
export interface RecipientResult {
  recipient: string;
  result: DeliveryResult;
}

export interface SendOptions<Printed> {
  history: History;
  channel: Channel<Printed>;
  /** Whether messages that were refused before are sent again. */
  isResend: boolean;
  /** How long its claims hold without a word from it. Tests pass theirs, to expire soon. */
  leaseTiming?: LeaseTiming;
}

/** What a process that sends is called for others. */
export const SENDER_NAME = "runledger-report";

/** Messages claimed at once: more than there are connections, for those that a server has put off only wait. */
const MESSAGES_AT_ONCE = 50;

/** Sends a report by a channel to recipients, of whom each is named once, to each its own message, once. */
export async function sendReport<Printed>(
  context: Context,
  { history, channel, isResend, leaseTiming }: SendOptions<Printed>,
  { agreement, week, revision }: ReportWithoutRuns,
  printed: Printed,
  recipients: Iterable<string>,
): Promise<RecipientResult[]> {
  await using sender = await enlist(history, SENDER_NAME, leaseTiming);
  const signal = AbortSignal.any([context.signal, sender.signal]);
  const ledger = { history, processUuid: sender.uuid, isResend };
  const sendTo = async (recipient: string): Promise<RecipientResult> => {
    const key = { agreement: agreement.id, week: week.id, revision, channel: channel.name, recipient };
    const { messageId, ...message } = channel.compose(printed, recipient);
    const record = ledgerRecord({ table: "deliveries", key, messageId }, ledger);
    return {
      recipient,
      result: await deliver({ record, recipient, ...message }, { ...context, channel, signal }),
    };
  };
  try {
    // Whatever ends one message, the others are seen through.
    return await pMap(recipients, sendTo, { concurrency: MESSAGES_AT_ONCE, stopOnError: false });
  } catch (error) {
    throw await orHeldUp(history, "deliveries", error instanceof AggregateError ? error.errors[0] : error);
  }
}

/** A report goes out when its week is closed and all of its data is there. */
export function whyNotToSend({ revision, week, dataThrough }: ReportWithoutRuns): string | null {
  if (revision === 0) {
    return `week ${week.id} is not closed yet`;
  }
  if (dataThrough === null || dataThrough < week.end) {
    const through = dataThrough?.toISOString() ?? "never";
    return `its pipelines are not synced through the week's end (data through: ${through}); run ingest sync`;
  }
  return null;
}

export function isDelivered({ result }: RecipientResult): boolean {
  if (result.status === "skipped") return !result.isUnsent;
  return result.status === "sent" || result.status === "suppressed";
}
