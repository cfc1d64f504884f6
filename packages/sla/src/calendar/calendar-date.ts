/** Calendar dates without a zone, `2026-03-14`, and where a zone's clocks show them. */
import type { Weekday } from "@runledger/config";
import { DateTime } from "luxon";

/** The date that clocks in `timezone` show at an instant. */
export function dateAt(instant: Date, timezone: string): string {
  return DateTime.fromJSDate(instant, { zone: timezone }).toISODate();
}

/** The date `days` after `date`; before it when negative. */
export function daysAfter(date: string, days: number): string {
  if (days === 0) return date;
  return new Date(Date.parse(date) + days * dayMs).toISOString().slice(0, date.length);
}

/** Every date from `first` through `last`. */
export function datesThrough(first: string, last: string): string[] {
  const count = Math.round((Date.parse(last) - Date.parse(first)) / dayMs) + 1;
  return Array.from({ length: Math.max(count, 0) }, (_, index) => daysAfter(first, index));
}

export function weekdayOf(date: string): Weekday {
  return isoWeekdays[new Date(date).getUTCDay()] ?? 7;
}

const dayMs = 86_400_000;

/** By JavaScript's number of the day, which starts at Sunday. */
const isoWeekdays: readonly Weekday[] = [7, 1, 2, 3, 4, 5, 6];
