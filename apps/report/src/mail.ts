import MimeNode from "nodemailer/lib/mime-node";
import addressparser from "nodemailer/lib/addressparser";
import { trendChart } from "./chart.ts";
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
  /** Whom this message is handed to: one message per recipient. */
  recipient: string;
  /** The XLSX file attached, and its name. */
  workbook: Buffer;
  workbookName: string;
}

export interface Mail {
  messageId: string;
  subject: string;
  /** The HTML part; the chart is a `cid:`. */
  html: string;
  /** The same HTML with the chart inside it, to be opened as a file. */
  page: string;
  text: string;
  /** The whole message as it is handed to SMTP. */
  eml: Buffer;
}

/** Prints a report as a mail. The same report and options give the same bytes. */
export async function composeMail(report: WeeklyReport, options: MailOptions): Promise<Mail> {
  const digest = digestOf(report);
  const chart = await trendChart(report);
  const html = await mailHtml(digest);
  const text = mailText(digest);
  const messageId = messageOf(report, options.recipient, report.revision);

  const message = new MimeNode("multipart/mixed", { baseBoundary: messageId.slice(1, 33), newline: "win" });
  message.setHeader({
    From: options.from,
    To: [...options.to],
    ...(options.cc !== undefined && options.cc.length > 0 && { Cc: [...options.cc] }),
    Subject: digest.subject,
    "Message-ID": messageId,
    ...(report.revision > 1 && { References: messageOf(report, options.recipient, 1) }),
    Date: report.asOf,
    "Auto-Submitted": "auto-generated",
    "List-Unsubscribe": `<mailto:${senderAddress(options.from)}?subject=unsubscribe>`,
  });
  const related = message.createChild('multipart/related; type="multipart/alternative"');
  const alternative = related.createChild("multipart/alternative");
  alternative.createChild("text/plain; charset=utf-8").setContent(text);
  alternative.createChild("text/html; charset=utf-8").setContent(html);
  related
    .createChild("image/png", { filename: "trend.png" })
    .setHeader({ "Content-ID": `<${chartCid}>`, "Content-Disposition": "inline" })
    .setContent(chart);
  message
    .createChild(xlsx, { filename: options.workbookName })
    .setHeader({ "Content-Disposition": "attachment" })
    .setContent(options.workbook);

  return {
    messageId,
    subject: digest.subject,
    html,
    page: html.replace(`cid:${chartCid}`, `data:image/png;base64,${chart.toString("base64")}`),
    text,
    eml: await message.build(),
  };
}

const xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

function messageOf({ agreement, week }: WeeklyReport, recipient: string, revision: number): string {
  return messageIdOf({ agreement: agreement.id, week: week.id, revision, recipient });
}

function senderAddress(from: string): string {
  return addressparser(from, { flatten: true })[0]?.address ?? from;
}
