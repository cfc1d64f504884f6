import { createHash } from "node:crypto";
import { recipientKey, type AgreementOutline } from "@runledger/config";
import MimeNode from "nodemailer/lib/mime-node";
import { momentText, weekDates } from "@runledger/wording";
import { closesAt, type Week } from "@runledger/sla";

/** What keeps a report from being made. */
export interface Trouble {
  kind: "not_covered" | "failed" | "configuration" | "database";
  /** One or more lines, free of secrets. */
  why: string;
  /** What to do, as a sentence. */
  remedy: string;
}

/** That the report of an agreement's week is due and not there. */
export interface Notice {
  agreement: Pick<AgreementOutline, "id" | "title" | "report">;
  week: Week;
  trouble: Trouble;
}

/** The whole message for one recipient, in plain text. */
export async function noticeMessage(
  notice: Notice,
  { from, to, date }: { from: string; to: string; date: Date },
): Promise<Buffer> {
  const { agreement, week } = notice;
  const message = new MimeNode("text/plain; charset=utf-8", { newline: "win" });
  message.setHeader({
    From: from,
    To: to,
    Subject: `[SLA] ${agreement.title} — ${week.id}: no report yet`,
    "Message-ID": messageIdOf(notice, to),
    Date: date,
    "Auto-Submitted": "auto-generated",
  });
  return message.setContent(noticeText(notice)).build();
}

function noticeText({ agreement, week, trouble }: Notice): string {
  const dueAt = closesAt(week, agreement.report.settleMs);
  return `The report "${agreement.title}" for ${week.id} (${weekDates(week)}) was due on
${momentText(dueAt, week.timezone)} (${week.timezone}) and is not there yet.

Why:
${trouble.why}

What to do:
${trouble.remedy}

The next run of "report weekly --send" after that sends the report. This notice comes once.
`;
}

function messageIdOf({ agreement, week, trouble }: Notice, recipient: string): string {
  const hash = createHash("sha256")
    .update(JSON.stringify(["notice", agreement.id, week.id, trouble.kind, recipientKey(recipient)]))
    .digest("hex");
  return `<${hash.slice(0, 32)}@runledger.local>`;
}
