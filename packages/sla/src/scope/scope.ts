import { localDays, type LocalDay } from "../calendar/calendar-days.ts";
import { dateAt } from "../calendar/calendar-date.ts";
import { instantOf, midnightOf } from "../calendar/local-time.ts";
import { dateOf, microsOf, type Micros } from "../calendar/micros.ts";
import type { Week } from "../calendar/week.ts";
import type { Coverage } from "../doubt/history-coverage.ts";
import { excludedIntervals, type ExcludedInterval } from "./exclusions.ts";
import { earlier, later, type Interval } from "../calendar/interval.ts";
import { trendWeeks, type ScoringInput } from "./scoring-input.ts";

/** What all objectives of an agreement share in a week's report, worked out once. */
export interface Scope {
  week: Week;
  /** The 13 weeks that have figures, oldest first, `week` last. */
  weeks: readonly Week[];
  /** All that is looked at: to the end of the last of `weeks`, and from before the first for incidents that began there. */
  span: Interval;
  asOf: Date;
  /** The local day from which the agreement is in force, `2026-01-05`, and its start. */
  effectiveFrom: string;
  inForceFrom: Date;
  /** From when anything counts: from the start of the history, or from when the agreement is in force if that is later. */
  countsFrom: Micros;
  /** What of a time counts, as far as that goes for all pipelines. */
  counted: (time: Interval) => Interval<Micros>;
  /** The local days of `span`, in order. */
  days: readonly LocalDay[];
  /** The local day that begins at the end of `span`. */
  dayAfter: readonly LocalDay[];
  /** Whether all holidays are known: of recorded rules some may not be followed any more. */
  areHolidaysKnown: boolean;
  /** The instant of a local time, `2026-03-14T22:00`. */
  instantAt: (local: string) => Date;
  /** The excluded parts of `span` and of the day after, in order and without overlap. */
  exclusions: readonly ExcludedInterval[];
  coverage: Coverage;
  /** Configured or discovered names by task UUID. */
  taskNames: ReadonlyMap<string, string>;
}

/** `from` is when the time looked at starts: no later than the 13 weeks, and no day before any that counts. */
export function scopeOf(
  {
    agreement: { timezone, effectiveFrom, calendar, exclusions },
    week,
    asOf,
    coverage,
    taskNames,
  }: Pick<ScoringInput, "agreement" | "week" | "asOf" | "coverage" | "taskNames">,
  from: Date,
): Scope {
  const weeks = trendWeeks(week);
  const instantAt = (local: string) => instantOf(local, timezone);
  const inForceFrom = instantAt(`${effectiveFrom}T00:00`);
  const countsFrom = microsOf(later(inForceFrom, coverage.historyStart));
  const firstDay = midnightOf(dateAt(dateOf(countsFrom), timezone), timezone);
  const span = { start: earlier(weeks[0]?.start ?? week.start, later(from, firstDay)), end: week.end };
  const dayAfter = localDays(calendar, timezone, { start: span.end, end: new Date(span.end.getTime() + 1) });
  const lookedAtUntil = dayAfter.reduce((latest, day) => later(latest, day.end), span.end);
  return {
    week,
    weeks,
    span,
    asOf,
    effectiveFrom,
    inForceFrom,
    countsFrom,
    counted: ({ start, end }) => ({ start: Math.max(microsOf(start), countsFrom), end: microsOf(end) }),
    days: localDays(calendar, timezone, span),
    dayAfter,
    areHolidaysKnown: calendar.holidays?.unfollowed === undefined,
    instantAt,
    exclusions: excludedIntervals(exclusions, timezone, { start: span.start, end: lookedAtUntil }),
    coverage,
    taskNames,
  };
}
