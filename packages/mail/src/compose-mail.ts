import MimeNode from "nodemailer/lib/mime-node";
import addressparser from "nodemailer/lib/addressparser";
import { trendChart } from "./trend-chart.ts";
import type { Language } from "@runledger/wording";
import { composeDigest } from "./digest.ts";
import { chartCid, mailHtml } from "./html-part.ts";
import { messageIdOf } from "./message-id.ts";
import { markedAsTest } from "./test-mark.ts";
import { mailText } from "./text-part.ts";
import { cutAtUnsubscribePlaces, unsubscribePlace, withUnsubscribeLink } from "./unsubscribe-place.ts";
import type { ReportWithoutRuns } from "@runledger/sla";

export interface MailOptions {
  /** `Runledger <sla@acme.example>` */
  from: string;
  /** Addresses of the To header. */
  to: readonly string[];
  /** Addresses of the Cc header. */
  cc?: readonly string[];
  /** Whom readers may ask: an e-mail address or words; `null`: they reply to the mail. */
  contact: string | null;
  language: Language;
  /** The XLSX file, or only how many bytes it has when it is too large for a mail, which then says so. */
  workbook: Buffer | { readonly length: number };
  workbookName: string;
  /** Each recipient's own link for one-click unsubscribing, https. Default: only the mail to the sender. */
  unsubscribeLink?: (recipient: string) => string;
  /** Makes it a test, which says so; no other test has the same, so that its Message-IDs are its own. */
  testId?: string | undefined;
}

/** A report's mail: what all of its recipients get, and each one's own message. */
export interface Mail {
  subject: string;
  /** The HTML part; the chart is a `cid:`. */
  html: string;
  /** The same HTML with the chart inside it, to be opened as a file. */
  page: string;
  text: string;
  messageFor: (recipient: string) => Message;
}

interface Message {
  /** The same for the same agreement, week, revision and recipient; a test's is its own. */
  messageId: string;
  /** The whole message, as it is handed to SMTP. */
  compose: () => Buffer;
  /** The same with less, for servers that find it too large: without the workbook, and without chart and workbook. */
  smaller?: readonly (() => Promise<Buffer>)[];
}

/** Prints a report as a mail. The same report and options give the same bytes. */
export async function composeMail(report: ReportWithoutRuns, options: MailOptions): Promise<Mail> {
  const mail = await composeWith(report, options, true);
  const workbook = { length: options.workbook.length };
  const printed = new Map<boolean, Promise<Mail>>();
  return {
    ...mail,
    messageFor(recipient) {
      const without = (hasChart: boolean) => async (): Promise<Buffer> => {
        const smaller = printed.get(hasChart) ?? composeWith(report, { ...options, workbook }, hasChart);
        printed.set(hasChart, smaller);
        return (await smaller).messageFor(recipient).compose();
      };
      const smaller = isAttached(options.workbook) ? [without(true), without(false)] : [without(false)];
      return { ...mail.messageFor(recipient), smaller };
    },
  };
}

async function composeWith(
  report: ReportWithoutRuns,
  options: MailOptions,
  hasChart: boolean,
): Promise<Mail> {
  const { language, contact, testId, to, workbookName } = options;
  const workbook = {
    name: workbookName,
    bytes: options.workbook.length,
    isAttached: isAttached(options.workbook),
  };
  const digest = composeDigest(report, { language, contact, workbook, unsubscribeUrl: unsubscribePlace });
  const chart = trendChart(report, language);
  const printed = { subject: digest.subject, html: await mailHtml(digest, hasChart), text: mailText(digest) };
  const { subject, html, text } = testId ? markedAsTest(printed, to) : printed;
  const bodyFor = await encodeBody(report, options, { html, text, chart: hasChart ? chart.png : null });
  const forAll = (part: string) => withUnsubscribeLink(part, mailtoLink(options));
  return {
    subject,
    html: forAll(html),
    page: forAll(html).replace(`cid:${chartCid}`, `data:image/webp;base64,${chart.webp.toString("base64")}`),
    text: forAll(text),
    messageFor(recipient) {
      const link = options.unsubscribeLink?.(recipient) ?? mailtoLink(options);
      return {
        messageId: messageOf(report, recipient, testId),
        compose: () => Buffer.concat([headerOf(report, options, subject, recipient), ...bodyFor(link)]),
      };
    },
  };
}

/** Everything below the header, encoded once for all recipients; only the link to unsubscribe is each one's own. */
async function encodeBody(
  report: ReportWithoutRuns,
  { workbook, workbookName }: MailOptions,
  parts: { html: string; text: string; chart: Buffer | null },
): Promise<(link: string) => Buffer[]> {
  const message = rootNode(report);
  const related = message.createChild('multipart/related; type="multipart/alternative"');
  const alternative = related.createChild("multipart/alternative");
  alternative.createChild("text/plain; charset=utf-8").setHeader(quotedPrintable).setContent(parts.text);
  alternative.createChild("text/html; charset=utf-8").setHeader(quotedPrintable).setContent(parts.html);
  if (parts.chart !== null) {
    related
      .createChild("image/png", { filename: "trend.png" })
      .setHeader({ "Content-ID": `<${chartCid}>`, "Content-Disposition": "inline" })
      .setContent(parts.chart);
  }
  if (isAttached(workbook)) {
    message
      .createChild(xlsx, { filename: workbookName })
      .setHeader({ "Content-Disposition": "attachment" })
      .setContent(workbook);
  }
  const built = await message.build();
  return cutAtUnsubscribePlaces(built.subarray(built.indexOf(headerEnd) + headerEnd.length));
}

function headerOf(
  report: ReportWithoutRuns,
  options: MailOptions,
  subject: string,
  recipient: string,
): Buffer {
  const { from, to, cc = [], unsubscribeLink, testId } = options;
  const mailto = `<${mailtoLink(options)}>`;
  const header = rootNode(report).setHeader({
    From: from,
    To: [...to],
    ...(cc.length > 0 && { Cc: [...cc] }),
    Subject: subject,
    "Message-ID": messageOf(report, recipient, testId),
    ...(report.revision > 1 && { References: messageOf({ ...report, revision: 1 }, recipient) }),
    Date: report.asOf,
    "Auto-Submitted": "auto-generated",
    "List-Unsubscribe": unsubscribeLink ? `<${unsubscribeLink(recipient)}>, ${mailto}` : mailto,
    ...(unsubscribeLink && { "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" }),
  });
  return Buffer.from(header.buildHeaders() + headerEnd);
}

/** Its boundaries are the same for all recipients. */
function rootNode(report: ReportWithoutRuns): MimeNode {
  return new MimeNode("multipart/mixed", {
    baseBoundary: messageOf(report, "").slice(1, 33),
    newline: "win",
  });
}

function isAttached(workbook: MailOptions["workbook"]): workbook is Buffer {
  return Buffer.isBuffer(workbook) && workbook.length <= largestAttachment;
}

/** In bytes. Servers refuse mails of 25 MB and more, and a third is added on the way. */
export const largestAttachment = 15_000_000;

const headerEnd = "\r\n\r\n";
const quotedPrintable = { "Content-Transfer-Encoding": "quoted-printable" };
const xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

function messageOf(
  { agreement, week, revision }: ReportWithoutRuns,
  recipient: string,
  testId?: string,
): string {
  return messageIdOf({ agreement: agreement.id, week: week.id, revision, recipient, testId });
}

function mailtoLink({ from }: MailOptions): string {
  return `mailto:${senderAddress(from) ?? from}?subject=unsubscribe`;
}

/** The address in a From header; `null` when there is none. */
export function senderAddress(from: string): string | null {
  return addressparser(from, { flatten: true })[0]?.address || null;
}
