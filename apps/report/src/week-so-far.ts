import type { Agreement } from "@runledger/config";
import { momentInWeekText } from "./format.ts";
import { english } from "./languages/en-GB.ts";
import type { Language } from "./languages/language.ts";
import type { Week, WeeklyReport } from "./report-model.ts";
import type { Coverage } from "./sla/coverage.ts";

/**
 * Up to when a week that is not closed can be told of: all of the agreement's pipelines are synced until then. One that
 * was never synced holds up the others no more than itself. Where nothing of the week is synced yet, that is what there
 * is to say, as of `now`.
 */
export function syncedSoFar(
  { objectives }: Pick<Agreement, "objectives">,
  week: Week,
  now: Date,
  { syncedThrough }: Pick<Coverage, "syncedThrough">,
): Date {
  const instants = objectives.flatMap(({ pipeline }) => syncedThrough.get(pipeline.uuid)?.getTime() ?? []);
  const synced = Math.min(now.getTime(), ...instants);
  return synced > week.start.getTime() ? new Date(synced) : now;
}

/** `so far, through Wed 02:15`; `null` of a week that was over when the report was made, or of which nothing is known. */
export function soFarInWords(
  { agreement: { timezone }, week, asOf, dataThrough }: Omit<WeeklyReport, "runs">,
  { notation, soFar }: Language = english,
): string | null {
  if (asOf >= week.end) return null;
  const through = dataThrough !== null && dataThrough < asOf ? dataThrough : asOf;
  return through > week.start ? soFar(momentInWeekText(through, timezone, notation)) : null;
}
