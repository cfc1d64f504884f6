import type { Exclusion } from "@runledger/config";
import { dateAt, datesThrough, daysAfter, weekdayOf } from "../calendar/calendar-date.ts";
import { hasDate, instantOf, midnightOf } from "../calendar/local-time.ts";
import { firstIndex } from "../calendar/binary-search.ts";
import type { ExcludedTime } from "../report/weekly-report.ts";
import { earlier, later, type Interval } from "../calendar/interval.ts";

export interface ExcludedInterval extends Interval {
  reason: string;
}

/** An exclusion alone does not know when it was entered. */
type Occurrence = Omit<ExcludedTime, "isRetroactive">;

/**
 * The parts of `range` that the exclusions take out, in order and without overlap. Where exclusions overlap,
 * the one that began first gives the reason.
 *
 * A recurring exclusion starts at a local time and lasts its elapsed length; a one-off runs from a local time to a
 * local time.
 */
export function excludedIntervals(
  exclusions: readonly Exclusion[],
  timezone: string,
  range: Interval,
): ExcludedInterval[] {
  return withoutOverlap(exclusionsIn(exclusions, timezone, range), range);
}

/** The parts of `range` that excluded times, by their start, take out, in order and without overlap. */
export function withoutOverlap(times: readonly ExcludedInterval[], range: Interval): ExcludedInterval[] {
  const intervals: ExcludedInterval[] = [];
  let from = range.start;
  for (const { start, end, reason } of times) {
    const interval = { start: later(start, from), end: earlier(end, range.end), reason };
    if (interval.start >= interval.end) continue;
    intervals.push(interval);
    from = interval.end;
  }
  return intervals;
}

/** Each time that the exclusions take out and that has a part in `range`, whole and by its start. */
export function exclusionsIn(
  exclusions: readonly Exclusion[],
  timezone: string,
  range: Interval,
): Occurrence[] {
  return exclusions
    .flatMap((exclusion) => occurrencesOf(exclusion, timezone, range))
    .filter(({ start, end }) => start < range.end && end > range.start)
    .toSorted((a, b) => a.start.getTime() - b.start.getTime());
}

/** The reason why `instant` is excluded, or `null`. `intervals` come from `excludedIntervals`. */
export function exclusionAt(intervals: readonly ExcludedInterval[], instant: Date): string | null {
  // As numbers: this is asked of every run, and comparing Dates is several times slower.
  const at = instant.getTime();
  const next = intervals[firstIndex(intervals, ({ end }) => end.getTime() > at)];
  return next !== undefined && next.start.getTime() <= at ? next.reason : null;
}

function occurrencesOf(exclusion: Exclusion, timezone: string, range: Interval): Occurrence[] {
  const { kind, reason, approvedBy } = exclusion;
  if (exclusion.kind === "once") {
    const [start, end] = [endOf(exclusion.from, timezone), endOf(exclusion.to, timezone)];
    return start < end ? [{ start, end, reason, approvedBy, kind }] : [];
  }
  const reach = { start: new Date(range.start.getTime() - exclusion.forMs), end: range.end };
  return datesAbout(reach, timezone)
    .filter((date) => exclusion.weekdays.includes(weekdayOf(date)) && hasDate(timezone, date))
    .map((date) => {
      const start = instantOf(`${date}T${exclusion.at}`, timezone);
      return { start, end: new Date(start.getTime() + exclusion.forMs), reason, approvedBy, kind };
    });
}

/** The instant of either end. Of a date that the clocks skip nothing is excluded, also not of the date after it. */
function endOf(local: string, timezone: string): Date {
  const date = local.slice(0, 10);
  return hasDate(timezone, date) ? instantOf(local, timezone) : midnightOf(date, timezone);
}

/** Every date that clocks in `timezone` show in `range`, and one more at either side for clock changes. */
function datesAbout({ start, end }: Interval, timezone: string): string[] {
  return datesThrough(daysAfter(dateAt(start, timezone), -1), daysAfter(dateAt(end, timezone), 1));
}
