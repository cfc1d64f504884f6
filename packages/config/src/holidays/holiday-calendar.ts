import { isoDate, parseCivilDay, type CivilDay } from "./civil-day.ts";
import type { HolidayEvent } from "./holiday-event.ts";
import { occurrences } from "./recurrence.ts";

/** Holidays by date, `2026-12-25`, with their names, from `first` through `last`. */
export function holidaysBetween(
  events: readonly HolidayEvent[],
  first: string,
  last: string,
): Map<string, string> {
  const from = parseCivilDay(first) ?? 0;
  const to = parseCivilDay(last) ?? -1;
  const names = new Map<CivilDay, string>();
  for (const event of events) {
    for (const start of startsOf(event, { from: from - event.days + 1, to })) {
      for (let day = Math.max(start, from); day <= Math.min(start + event.days - 1, to); day += 1) {
        if (!names.has(day)) names.set(day, event.name);
      }
    }
  }
  return new Map(Array.from(names, ([day, name]) => [isoDate(day), name]));
}

/** The last day that any of the events makes a holiday; `null` where there are none, `"ever"` where it goes on for ever. */
export function lastHoliday(events: readonly HolidayEvent[]): string | null {
  let latest: CivilDay | null = null;
  for (const { start, days, rules, added } of events) {
    if (rules.some(({ until }) => until === null)) return "ever";
    const starts = [start, ...added, ...rules.map(({ until }) => until ?? start)];
    latest = Math.max(latest ?? start, ...starts.map((day) => day + days - 1));
  }
  return latest === null ? null : isoDate(latest);
}

/** The days on which an event starts within a range; the first is one of them whatever its rules say. */
function startsOf(event: HolidayEvent, range: { from: CivilDay; to: CivilDay }): Set<CivilDay> {
  const { start, rules, added, excepted } = event;
  const starts = new Set([start, ...added].filter((day) => day >= range.from && day <= range.to));
  for (const rule of rules) for (const day of occurrences(rule, start, range)) starts.add(day);
  for (const day of excepted) starts.delete(day);
  return starts;
}
