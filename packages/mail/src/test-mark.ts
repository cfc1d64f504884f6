import { type Html, html } from "./html.ts";

/** What a reader sees of a mail. */
interface Printed {
  subject: string;
  html: string;
  text: string;
}

/** The same mail, which says first of all that it is a test and who got it. */
export function markedAsTest(printed: Printed, to: readonly string[]): Printed {
  const { subject, html: source, text } = printed;
  const line = `This is a test, sent to nobody but ${to.join(", ")}.`;
  return {
    subject: `[TEST] ${subject}`,
    html: source.replace(/<body[^>]*>/, (body) => `${body}${banner(line).toString()}`),
    text: `${line}\n\n${text}`,
  };
}

/** White on violet, a colour of no verdict, on light and dark screens alike. A table, as mail programs want it. */
function banner(line: string): Html {
  return html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td style="background:#5B2A86;color:#FFFFFF;padding:12px 16px;text-align:center;font:600 14px/20px -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif">${line}</td></tr></table>`;
}
