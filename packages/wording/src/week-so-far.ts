import { momentInWeekText } from "./figures/moment-text.ts";
import { english } from "./languages/en-GB.ts";
import type { Language } from "./languages/language.ts";
import type { WeeklyReport } from "@runledger/sla";

/** `so far, through Wed 02:15`; `null` of a week that was over when the report was made, or of which nothing is known. */
export function soFarInWords(
  { agreement: { timezone }, week, asOf, dataThrough }: Omit<WeeklyReport, "runs">,
  { notation, soFar }: Language = english,
): string | null {
  if (asOf >= week.end) return null;
  const through = dataThrough !== null && dataThrough < asOf ? dataThrough : asOf;
  return through > week.start ? soFar(momentInWeekText(through, timezone, notation)) : null;
}
