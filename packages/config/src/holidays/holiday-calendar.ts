import { firstOfYear, isoDate, parseCivilDay, type CivilDay } from "./civil-day.ts";
import type { HolidayEvent } from "./holiday-event.ts";
import { LAST_YEAR, occurrences, type Recurrence } from "./recurrence.ts";

/** The holidays of an agreement, of one iCalendar file or several. */
export interface HolidayCalendar {
  /** As written, relative to the configuration file; several with commas in between. */
  path: string;
  /** Of all files. */
  events: readonly HolidayEvent[];
  files: readonly HolidayFile[];
  /** Of a calendar that an earlier version accepted: why some of its days cannot be worked out any more. */
  unfollowed?: string;
}

/** An iCalendar file whose recurrences can all be followed, and those of its events that count. */
export interface HolidayFile {
  path: string;
  events: readonly HolidayEvent[];
}

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
    // Where an event lies over itself, each day is looked at once.
    let next = from;
    for (const start of startsOf(event, { from: from - event.days + 1, to }).toSorted((a, b) => a - b)) {
      for (let day = Math.max(start, next); day <= Math.min(start + event.days - 1, to); day += 1) {
        if (!names.has(day)) names.set(day, event.name);
      }
      next = Math.max(next, start + event.days);
    }
  }
  return new Map(Array.from(names, ([day, name]) => [isoDate(day), name]));
}

/** The last day that any of the events makes a holiday; `null` where there are none, `"ever"` where it goes on for ever. */
export function lastHoliday(events: readonly HolidayEvent[]): string | null {
  let latest: CivilDay | null = null;
  const search = { left: MOST_WORK };
  for (const event of events) {
    const last = lastStart(event, search);
    if (last === "ever") return "ever";
    if (last !== null) latest = Math.max(latest ?? last, last + event.days - 1);
  }
  return latest === null ? null : isoDate(latest);
}

/** Days that are looked at for an end: about a second. Then it is taken to be far off. */
const MOST_WORK = 5_000_000;

/** Every rule but those of long intervals occurs again in as many years, 29 February on a weekday among them. */
const CYCLE_YEARS = 40;

function lastStart(event: HolidayEvent, search: { left: number }): CivilDay | "ever" | null {
  const { start, rules, added, excepted } = event;
  const without = new Set(excepted);
  const single = [start, ...added].filter((day) => !without.has(day));
  let last = single.length === 0 ? null : Math.max(...single);
  for (const rule of rules) {
    const day = lastOfRule(rule, start, without, search);
    if (day === "ever") return "ever";
    if (day !== null) last = Math.max(last ?? day, day);
  }
  return last;
}

function lastOfRule(
  rule: Recurrence,
  start: CivilDay,
  without: ReadonlySet<CivilDay>,
  search: { left: number },
): CivilDay | "ever" | null {
  const end = firstOfYear(LAST_YEAR + 1) - 1;
  const isOpen = rule.until === null || rule.until > end;
  // Backwards, in ever longer steps: most rules occur in the last year that they can.
  let step = 366;
  for (let to = Math.min(rule.until ?? end, end); to >= start; to -= step, step *= 2) {
    const spend = (work: number): void => {
      search.left -= work;
    };
    const found = occurrences(rule, start, { from: Math.max(start, to - step + 1), to }, spend);
    const day = found.findLast((each) => !without.has(each));
    if (day !== undefined) return isOpen && day >= firstOfYear(LAST_YEAR - CYCLE_YEARS) ? "ever" : day;
    if (search.left < 0) return isOpen ? "ever" : (rule.until ?? to);
  }
  return null;
}

/** The days on which an event starts within a range; the first is one of them whatever its rules say. */
function startsOf(event: HolidayEvent, range: { from: CivilDay; to: CivilDay }): CivilDay[] {
  const { start, rules, added, excepted } = event;
  const starts = new Set([start, ...added].filter((day) => day >= range.from && day <= range.to));
  for (const rule of rules) for (const day of occurrences(rule, start, range)) starts.add(day);
  for (const day of excepted) starts.delete(day);
  return [...starts];
}
