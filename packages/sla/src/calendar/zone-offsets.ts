import { DateTime } from "luxon";
import type { Interval } from "./interval.ts";

/**
 * What the time-zone database says of a time: a zone's offset from UTC at its start, and each other one from when on;
 * offsets in minutes, instants in milliseconds since 1970. Looked at are whole UTC days, so that a database by which the
 * same local time is another instant is asked of the same days.
 */
export function zoneOffsets(timezone: string, { start, end }: Interval): [from: number, offset: number][] {
  const offsetAt = (instant: number) => DateTime.fromMillis(instant, { zone: timezone }).offset;
  let day = Math.floor(start.getTime() / dayMs) * dayMs;
  const offsets: [number, number][] = [[day, offsetAt(day)]];
  for (; day < end.getTime(); day += dayMs) {
    const after = offsetAt(day + dayMs);
    if (after !== offsets.at(-1)?.[1]) offsets.push([changeWithin(day, day + dayMs, offsetAt), after]);
  }
  return offsets;
}

/** The first minute that has the offset that `until` has; there is one change between. */
function changeWithin(from: number, until: number, offsetAt: (instant: number) => number): number {
  let [before, after] = [from, until];
  while (after - before > minuteMs) {
    const middle = before + Math.floor((after - before) / 2 / minuteMs) * minuteMs;
    if (offsetAt(middle) === offsetAt(until)) after = middle;
    else before = middle;
  }
  return after;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;
