import { DateTime, Settings } from "luxon";
import { BoundedCache } from "./bounded-cache.ts";

declare module "luxon" {
  interface TSSettings {
    throwOnInvalid: true;
  }
}

// The report's one switch for luxon: an unknown zone or an impossible date throws instead of printing "Invalid".
Settings.throwOnInvalid = true;

/**
 * The instant at which clocks in `timezone` show `local` (`2026-03-14T22:00`).
 *
 * Where clocks skip `local`, it moves forward by the length of the gap; where they show it twice, the first
 * time counts. Luxon's own conversion is not used, because which of the two it picks depends on today's offset.
 */
export function instantOf(local: string, timezone: string): Date {
  return clocks.get(timezone).get(local);
}

/**
 * The clocks of zones, and what they were found to show: objectives, weeks and agreements ask for the same again and
 * again. A year of days with ten deadlines each has room.
 */
const clocks = new BoundedCache(
  64,
  (timezone: string) => new BoundedCache(4096, (local: string) => findInstant(local, timezone)),
);

function findInstant(local: string, timezone: string): Date {
  const wall = DateTime.fromISO(local, { zone: "utc" }).toMillis();
  const before = offsetAt(wall - dayMs, timezone);
  const after = offsetAt(wall + dayMs, timezone);
  // `before` gives the earlier of two instants and moves a skipped time forward: it is wrong only past a change.
  const fitsBefore = offsetAt(wall - before, timezone) === before;
  const fitsAfter = offsetAt(wall - after, timezone) === after;
  return new Date(!fitsBefore && fitsAfter ? wall - after : wall - before);
}

/** The start of a local day, `2026-03-14`, in `timezone`. */
export function midnightOf(date: string, timezone: string): Date {
  return instantOf(`${date}T00:00`, timezone);
}

/** Whether clocks in `timezone` show the date at all: Samoa's skipped 2011-12-30. */
export function hasDate(timezone: string, date: string): boolean {
  return midnightOf(date, timezone) < instantOf(`${date}T24:00`, timezone);
}

const dayMs = 86_400_000;

/** How far clocks in `timezone` are ahead of UTC at an instant, in milliseconds. */
function offsetAt(epochMs: number, timezone: string): number {
  return DateTime.fromMillis(epochMs, { zone: timezone }).offset * 60_000;
}
