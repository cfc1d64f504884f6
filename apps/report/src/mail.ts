import MimeNode from "nodemailer/lib/mime-node";
import addressparser from "nodemailer/lib/addressparser";
import { trendChart } from "./chart.ts";
import type { Language } from "./languages/language.ts";
import { digestOf } from "./mail/digest.ts";
import { chartCid, mailHtml } from "./mail/html.ts";
import { messageIdOf } from "./mail/message-id.ts";
import { mailText } from "./mail/text.ts";
import type { WeeklyReport } from "./report-model.ts";

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
  /** The XLSX file attached, and its name. */
  workbook: Buffer;
  workbookName: string;
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
  /** The same for the same agreement, week, revision and recipient. */
  messageId: string;
  /** The whole message, as it is handed to SMTP. */
  compose: () => Promise<Buffer>;
}

/** Prints a report as a mail. The same report and options give the same bytes. */
export async function composeMail(report: WeeklyReport, options: MailOptions): Promise<Mail> {
  const { language, contact } = options;
  const digest = digestOf(report, { language, contact, unsubscribeUrl: unsubscribeUrl(options) });
  const { subject } = digest;
  const chart = await trendChart(report, language);
  const html = await mailHtml(digest);
  const text = mailText(digest);
  return {
    subject,
    html,
    page: html.replace(`cid:${chartCid}`, `data:image/webp;base64,${chart.webp.toString("base64")}`),
    text,
    messageFor(recipient) {
      const messageId = messageOf(report, recipient, report.revision);
      return {
        messageId,
        compose: () => toMime(report, options, recipient, { subject, html, text, chart: chart.png }),
      };
    },
  };
}

async function toMime(
  report: WeeklyReport,
  options: MailOptions,
  recipient: string,
  parts: { subject: string; html: string; text: string; chart: Buffer },
): Promise<Buffer> {
  const messageId = messageOf(report, recipient, report.revision);
  const message = new MimeNode("multipart/mixed", { baseBoundary: messageId.slice(1, 33), newline: "win" });
  message.setHeader({
    From: options.from,
    To: [...options.to],
    ...(options.cc !== undefined && options.cc.length > 0 && { Cc: [...options.cc] }),
    Subject: parts.subject,
    "Message-ID": messageId,
    ...(report.revision > 1 && { References: messageOf(report, recipient, 1) }),
    Date: report.asOf,
    "Auto-Submitted": "auto-generated",
    "List-Unsubscribe": `<${unsubscribeUrl(options)}>`,
  });
  const related = message.createChild('multipart/related; type="multipart/alternative"');
  const alternative = related.createChild("multipart/alternative");
  alternative.createChild("text/plain; charset=utf-8").setContent(parts.text);
  alternative.createChild("text/html; charset=utf-8").setContent(parts.html);
  related
    .createChild("image/png", { filename: "trend.png" })
    .setHeader({ "Content-ID": `<${chartCid}>`, "Content-Disposition": "inline" })
    .setContent(parts.chart);
  message
    .createChild(xlsx, { filename: options.workbookName })
    .setHeader({ "Content-Disposition": "attachment" })
    .setContent(options.workbook);
  return message.build();
}

const xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

function messageOf({ agreement, week }: WeeklyReport, recipient: string, revision: number): string {
  return messageIdOf({ agreement: agreement.id, week: week.id, revision, recipient });
}

function unsubscribeUrl({ from }: MailOptions): string {
  const sender = addressparser(from, { flatten: true })[0]?.address ?? from;
  return `mailto:${sender}?subject=unsubscribe`;
}
