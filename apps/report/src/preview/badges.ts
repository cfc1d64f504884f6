import { headline, momentText } from "@runledger/wording";
import { type Html, html } from "@runledger/mail";
import { type Verdict, type WeeklyReport, worstFirst } from "@runledger/sla";
import type { Preview } from "./make-preview.ts";

/** The week in one phrase, in the colours of its worst verdict. */
export function verdictBadge(report: WeeklyReport): Html {
  return html`<span class="badge v-${worstVerdict(report)}">${headline(report.objectives)}</span>`;
}

export function worstVerdict({ objectives }: WeeklyReport): Verdict {
  return worstFirst(objectives)[0]?.verdict ?? "not_in_force";
}

/** When the mail goes out, or what holds it back. */
export function dispatch({ report: { week }, goesOutAt, heldBack }: Preview): Html {
  const moment = html`${momentText(goesOutAt, week.timezone)}<br><span class="quiet">${week.timezone}</span>`;
  return heldBack === null ? moment : html`${moment}<br>held back: ${heldBack}`;
}
