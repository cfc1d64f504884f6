import { localDays, type LocalDay } from "../calendar/calendar-days.ts";
import { instantOf } from "../calendar/local-time.ts";
import { microsOf, type Micros } from "../calendar/micros.ts";
import type { Week } from "../calendar/week.ts";
import type { Coverage } from "../doubt/history-coverage.ts";
import { excludedIntervals, type ExcludedInterval } from "./exclusions.ts";
import { later, type Interval } from "../calendar/interval.ts";
import { trendWeeks, type ScoringInput } from "./scoring-input.ts";

/** What all objectives of an agreement share in a week's report, worked out once. */
export interface Scope {
  week: Week;
  /** The 13 weeks looked at, oldest first, `week` last. */
  weeks: readonly Week[];
  /** From the first of `weeks` to the end of the last. */
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

export function scopeOf({
  agreement: { timezone, effectiveFrom, calendar, exclusions },
  week,
  asOf,
  coverage,
  taskNames,
}: Omit<ScoringInput, "latestSuccessBefore">): Scope {
  const weeks = trendWeeks(week);
  const span = { start: weeks[0]?.start ?? week.start, end: week.end };
  const instantAt = (local: string) => instantOf(local, timezone);
  const inForceFrom = instantAt(`${effectiveFrom}T00:00`);
  const dayAfter = localDays(calendar, timezone, { start: span.end, end: new Date(span.end.getTime() + 1) });
  const lookedAtUntil = dayAfter.reduce((latest, day) => later(latest, day.end), span.end);
  const countsFrom = microsOf(later(inForceFrom, coverage.historyStart));
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
