import { DateTime } from "luxon";

/**
 * How a zone's clocks show an instant, as the number of days since 1899-12-30 that a workbook keeps: it knows no zones.
 * Clocks change on whole minutes (in St. John's once at 00:01), so each minute is looked up once.
 */
export function wallClockIn(timezone: string): (instant: Date) => number {
  const offsets = new Map<number, number>();
  return (instant) => {
    const minute = Math.floor(instant.getTime() / minuteMs);
    let offset = offsets.get(minute);
    if (offset === undefined) {
      offset = DateTime.fromMillis(minute * minuteMs, { zone: timezone }).offset * 60_000;
      offsets.set(minute, offset);
    }
    return toSerial(instant.getTime() + offset);
  };
}

/** A local day, `2026-03-18`, as the number of days a workbook keeps. */
export function serialDay(date: string): number {
  return toSerial(Date.parse(`${date}T00:00:00Z`));
}

function toSerial(wallClockMs: number): number {
  return wallClockMs / millisecondsPerDay + daysBefore1970;
}

const minuteMs = 60_000;
const millisecondsPerDay = 86_400_000;
const daysBefore1970 = 25_569;
