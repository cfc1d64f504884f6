import { localDays, type LocalDay } from "../calendar/calendar-days.ts";
import { instantOf } from "../calendar/local-time.ts";
import type { Week } from "../report-model.ts";
import type { Coverage } from "./coverage.ts";
import { excludedIntervals, type ExcludedInterval } from "./exclusions.ts";
import type { Interval } from "./interval.ts";
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
  /** The local days of `span`, in order. */
  days: readonly LocalDay[];
  /** The instant of a local time, `2026-03-14T22:00`. */
  instantAt: (local: string) => Date;
  /** The excluded parts of `span`, in order and without overlap. */
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
  return {
    week,
    weeks,
    span,
    asOf,
    effectiveFrom,
    inForceFrom: instantAt(`${effectiveFrom}T00:00`),
    days: localDays(calendar, timezone, span),
    instantAt,
    exclusions: excludedIntervals(exclusions, timezone, span),
    coverage,
    taskNames,
  };
}
