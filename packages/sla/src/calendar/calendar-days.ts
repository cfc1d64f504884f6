import { holidaysBetween, type Calendar, type DaySelection, type Weekday } from "@runledger/config";
import { dateAt, datesThrough, weekdayOf } from "./calendar-date.ts";
import { instantOf, midnightOf } from "./local-time.ts";

/** A day as a zone has it: from midnight to midnight, 23 to 25 hours long at most changes of its clocks. */
export interface LocalDay {
  /** `2026-03-14` */
  date: string;
  weekday: Weekday;
  start: Date;
  end: Date;
  /** The holiday's name. */
  holiday: string | null;
  isWorkday: boolean;
}

/**
 * The days of a zone that have any of their time in a range, in order. A date that the clocks skip altogether, as
 * Samoa's did 2011-12-30, is no day.
 */
export function localDays(
  { workdays, holidays }: Calendar,
  timezone: string,
  range: { start: Date; end: Date },
): LocalDay[] {
  const first = dateAt(range.start, timezone);
  const last = dateAt(range.end, timezone);
  const names = holidays === null ? null : holidaysBetween(holidays.events, first, last);
  return datesThrough(first, last)
    .map((date) => {
      const weekday = weekdayOf(date);
      const holiday = names?.get(date) ?? null;
      const isWorkday = workdays.includes(weekday) && holiday === null;
      return {
        date,
        weekday,
        start: midnightOf(date, timezone),
        end: instantOf(`${date}T24:00`, timezone),
        holiday,
        isWorkday,
      };
    })
    .filter(({ start, end }) => start < end && start < range.end && end > range.start);
}

/** Whether a selection of days has the day. A holiday is no workday; whether it is due is for the objective to say. */
export function isSelected(on: DaySelection, { weekday, isWorkday }: LocalDay): boolean {
  if (on.kind === "workdays") return isWorkday;
  return on.kind === "daily" || on.weekdays.includes(weekday);
}
