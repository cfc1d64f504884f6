import { headline, momentText } from "@runledger/wording";
import { escaped } from "@runledger/mail";
import { type Verdict, type WeeklyReport, worstFirst } from "@runledger/sla";
import type { Preview } from "./preview.ts";

/** The week in one phrase, in the colours of its worst verdict. */
export function verdictBadge(report: WeeklyReport): string {
  return `<span class="badge v-${worstVerdict(report)}">${escaped(headline(report.objectives))}</span>`;
}

export function worstVerdict({ objectives }: WeeklyReport): Verdict {
  return worstFirst(objectives)[0]?.verdict ?? "not_in_force";
}

/** When the mail goes out, or what holds it back. */
export function dispatch({ report: { week }, goesOutAt, heldBack }: Preview): string {
  const moment = `${momentText(goesOutAt, week.timezone)}<br><span class="quiet">${escaped(week.timezone)}</span>`;
  return heldBack === null ? moment : `${moment}<br>held back: ${escaped(heldBack)}`;
}
