import { UsageError, type Context } from "@runledger/cli";
import { distinctRecipients, type Agreement, type AgreementOutline } from "@runledger/config";
import { enlist, orHeldUp, type History, type LeaseTiming } from "@runledger/history";
import pMap from "p-map";
import { deliver, type DeliveryResult } from "./deliver.ts";
import { ledgerRecord } from "./delivery-ledger.ts";
import { type Mail, type MailOptions, createSigner, senderAddress } from "@runledger/mail";
import { createMailer, type Mailer, type MailerOptions } from "./mailer.ts";
import type { ReportWithoutRuns } from "@runledger/sla";
import { unsubscribeLink } from "./unsubscribe.ts";

/** How one recipient's message fared. */
export interface RecipientResult {
  recipient: string;
  result: DeliveryResult;
}

export interface SendOptions {
  history: History;
  mailer: Mailer;
  /** Whether messages that were refused before are sent again. */
  isResend: boolean;
  /** How long its claims hold without a word from it. Tests pass theirs, to expire soon. */
  leaseTiming?: LeaseTiming;
}

/** What a process that sends is called for others. */
export const SENDER_NAME = "runledger-report";

/** Messages claimed at once: more than there are connections, for those that a server has put off only wait. */
const MESSAGES_AT_ONCE = 50;

/** Sends a report's mail to the recipients, of whom each is named once, to each its own message, once. */
export async function sendReport(
  context: Context,
  { history, mailer, isResend, leaseTiming }: SendOptions,
  { agreement, week, revision }: ReportWithoutRuns,
  mail: Mail,
  recipients: Iterable<string>,
): Promise<RecipientResult[]> {
  await using sender = await enlist(history, SENDER_NAME, leaseTiming);
  const signal = AbortSignal.any([context.signal, sender.signal]);
  const ledger = { history, processUuid: sender.uuid, isResend };
  const sendTo = async (recipient: string): Promise<RecipientResult> => {
    const key = { agreement: agreement.id, week: week.id, revision, channel: "email" as const, recipient };
    const { messageId, compose, smaller = [] } = mail.messageFor(recipient);
    const record = ledgerRecord({ table: "deliveries", key, messageId }, ledger);
    return {
      recipient,
      result: await deliver({ record, recipient, compose, smaller }, { ...context, mailer, signal }),
    };
  };
  try {
    // Whatever ends one message, the others are seen through.
    return await pMap(recipients, sendTo, { concurrency: MESSAGES_AT_ONCE, stopOnError: false });
  } catch (error) {
    throw await orHeldUp(history, "deliveries", error instanceof AggregateError ? error.errors[0] : error);
  }
}

/** Everyone who gets an agreement's report, each once however it is spelled. */
export function recipientsOf({ report: { to, cc } }: Pick<AgreementOutline, "report">): string[] {
  return distinctRecipients([...to, ...cc]);
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

/** What the environment adds to an agreement's mails, also to those that are only written to files. */
export function letterheadOf(
  context: Context,
  { id, report: { unsubscribeUrl } }: Agreement,
): Pick<MailOptions, "from" | "unsubscribeLink"> {
  const { unsubscribeSecret } = context.environment;
  return {
    from: fromHeader(context),
    ...(unsubscribeUrl !== null &&
      unsubscribeSecret !== null && {
        unsubscribeLink: (recipient) =>
          unsubscribeLink(unsubscribeUrl, unsubscribeSecret, { agreement: id, recipient }),
      }),
  };
}

/** The From header, also of mails that are only written to files. */
export function fromHeader({ environment }: Context): string {
  return environment.mailFrom ?? "Runledger <runledger@localhost>";
}

/**
 * The mailer that the environment describes.
 *
 * @throws UsageError when it describes none.
 */
export function createConfiguredMailer(
  context: Context,
  agreements: readonly Agreement[],
  options: Pick<MailerOptions, "retryDelaysMs"> = {},
): Mailer {
  const { smtpUrl, mailFrom, dkim, unsubscribeSecret } = context.environment;
  if (smtpUrl === null || mailFrom === null) {
    throw new UsageError(
      "sending needs SMTP_URL (such as smtps://user:password@mail.acme.example) and MAIL_FROM " +
        '(such as "Runledger <sla@acme.example>"). Without --send, report weekly writes the mail to files only.',
    );
  }
  const sender = senderAddress(mailFrom);
  if (sender === null) {
    throw new UsageError(`MAIL_FROM ${JSON.stringify(mailFrom)} holds no e-mail address`);
  }
  const linking = agreements.filter(({ report }) => report.unsubscribeUrl !== null).map(({ id }) => id);
  if (linking.length > 0 && unsubscribeSecret === null) {
    context.log.warn(
      { agreements: linking },
      "unsubscribe_url is not used: its links are signed with UNSUBSCRIBE_SECRET (such as that of openssl rand -hex 32), " +
        "which is not set; readers unsubscribe by mail to the sender",
    );
  }
  return createMailer({
    smtpUrl,
    sender,
    largestMessage: context.environment.mailMaxSize,
    ...(dkim && { sign: createSigner(dkim) }),
    ...options,
  });
}
