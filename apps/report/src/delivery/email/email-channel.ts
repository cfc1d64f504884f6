import { UsageError, type Context } from "@runledger/cli";
import { distinctRecipients, type Agreement, type AgreementOutline } from "@runledger/config";
import { type Mail, type MailOptions, createSigner, senderAddress } from "@runledger/mail";
import type { Channel } from "../channel.ts";
import { createMailer, type Mailer, type MailerOptions } from "./mailer.ts";
import { unsubscribeLink } from "./unsubscribe.ts";

/** Reports as mails. */
export function emailChannel({ send }: Pick<Mailer, "send">): Channel<Mail> {
  return {
    name: "email",
    recipients: recipientsOf,
    compose: (mail, recipient) => mail.messageFor(recipient),
    send,
  };
}

/** Everyone who gets an agreement's report, each once however it is spelled. */
export function recipientsOf({ report: { to, cc } }: Pick<AgreementOutline, "report">): string[] {
  return distinctRecipients([...to, ...cc]);
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
