import type { Exclusion } from "@runledger/config";
import { DateTime } from "luxon";
import { instantOf } from "../local-time.ts";

/** Half open: `start <= instant < end`. */
interface Range {
  start: Date;
  end: Date;
}

interface ExcludedInterval extends Range {
  reason: string;
}

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
  range: Range,
): ExcludedInterval[] {
  const occurrences = exclusions
    .flatMap((exclusion) => occurrencesOf(exclusion, timezone, range))
    .toSorted((a, b) => a.start.getTime() - b.start.getTime());

  const intervals: ExcludedInterval[] = [];
  let from = range.start;
  for (const { start, end, reason } of occurrences) {
    const interval = { start: later(start, from), end: earlier(end, range.end), reason };
    if (interval.start >= interval.end) continue;
    intervals.push(interval);
    from = interval.end;
  }
  return intervals;
}

/** The reason why `instant` is excluded, or `null`. `intervals` come from `excludedIntervals`. */
export function exclusionAt(intervals: readonly ExcludedInterval[], instant: Date): string | null {
  let low = 0;
  let high = intervals.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const interval = intervals[middle];
    if (interval === undefined) break;
    if (instant < interval.start) high = middle - 1;
    else if (instant >= interval.end) low = middle + 1;
    else return interval.reason;
  }
  return null;
}

function occurrencesOf(exclusion: Exclusion, timezone: string, range: Range): ExcludedInterval[] {
  const { reason } = exclusion;
  if (exclusion.kind === "once") {
    return [{ start: instantOf(exclusion.from, timezone), end: instantOf(exclusion.to, timezone), reason }];
  }
  const reach = { start: new Date(range.start.getTime() - exclusion.forMs), end: range.end };
  return localDates(reach, timezone)
    .filter((date) => exclusion.weekdays.includes(date.weekday))
    .map((date) => {
      const start = instantOf(`${date.toISODate()}T${exclusion.at}`, timezone);
      return { start, end: new Date(start.getTime() + exclusion.forMs), reason };
    });
}

/** Every calendar date that clocks in `timezone` show in `range`, and one more at either side for clock changes. */
function localDates(range: Range, timezone: string): DateTime[] {
  const last = calendarDate(range.end, timezone).plus({ days: 1 });
  const dates: DateTime[] = [];
  for (
    let date = calendarDate(range.start, timezone).minus({ days: 1 });
    date <= last;
    date = date.plus({ days: 1 })
  ) {
    dates.push(date);
  }
  return dates;
}

/** A date without a zone, held as that date's midnight in UTC. */
function calendarDate(instant: Date, timezone: string): DateTime {
  return DateTime.fromJSDate(instant, { zone: timezone })
    .setZone("utc", { keepLocalTime: true })
    .startOf("day");
}

function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}

function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}
