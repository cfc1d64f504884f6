import ICAL from "ical.js";
import { datesThrough, daysAfter } from "./calendar-date.ts";

/** A rule in a holiday calendar that leads nowhere; its file has to be mended. */
export class HolidayRuleError extends Error {
  override name = "HolidayRuleError";
}

/**
 * The holidays of an iCalendar file by date, `2026-12-25`, with their names, from `first` through `last`.
 *
 * An event is a holiday when its DTSTART is a date: it is then whole days, the same in every zone. Events with a time
 * of day and cancelled ones are not. It lasts up to its DTEND, which is the first day after it, or for its DURATION,
 * or a day. It recurs by RRULE and RDATE but for EXDATE; an event with RECURRENCE-ID takes the place of one of these.
 *
 * @throws {HolidayRuleError} when a recurrence cannot be followed.
 */
export function holidaysBetween(icalendar: string, first: string, last: string): Map<string, string> {
  const events = new ICAL.Component(ICAL.parse(icalendar))
    .getAllSubcomponents("vevent")
    .filter(isWholeDays)
    .map((component) => new ICAL.Event(component));

  const holidays = new Map<string, string>();
  for (const event of events.filter(isNotCancelled)) {
    const days = lengthInDays(event);
    for (const start of startsOf(event, events, last)) {
      const end = daysAfter(start, days - 1);
      for (const date of datesThrough(later(start, first), earlier(end, last))) {
        if (!holidays.has(date)) holidays.set(date, event.summary ?? "Holiday");
      }
    }
  }
  return holidays;
}

function isWholeDays(component: ICAL.Component): boolean {
  const start = component.getFirstPropertyValue("dtstart");
  return start instanceof ICAL.Time && start.isDate;
}

function isNotCancelled({ component }: ICAL.Event): boolean {
  return component.getFirstPropertyValue("status") !== "CANCELLED";
}

/** Some programs write an end that is the start: that is a day too. */
function lengthInDays({ startDate, endDate }: ICAL.Event): number {
  return Math.max(endDate.subtractDateTz(startDate).toSeconds() / 86_400, 1);
}

/** The dates on which an event starts, through `last`. `ICAL.Event` cannot be asked: it gets lost among EXDATEs. */
function startsOf(event: ICAL.Event, events: readonly ICAL.Event[], last: string): Set<string> {
  const start = event.startDate.toString();
  if (event.isRecurrenceException()) return new Set([start]);

  const starts = new Set([start, ...datesIn(event, "rdate"), ...ruleDates(event, last)]);
  const replaced = events.filter((other) => other.uid === event.uid && other.isRecurrenceException());
  for (const date of datesIn(event, "exdate")) starts.delete(date);
  for (const { recurrenceId } of replaced) starts.delete(dateOf(recurrenceId));
  return starts;
}

function datesIn({ component }: ICAL.Event, property: "rdate" | "exdate"): string[] {
  return component.getAllProperties(property).flatMap((each) =>
    each
      .getValues()
      .filter((value) => value instanceof ICAL.Time)
      .map(dateOf),
  );
}

function ruleDates(event: ICAL.Event, last: string): string[] {
  const dates: string[] = [];
  try {
    for (const property of event.component.getAllProperties("rrule")) {
      const rule = property.getFirstValue();
      if (!(rule instanceof ICAL.Recur)) continue;
      const occurrences = rule.iterator(event.startDate);
      for (let next = occurrences.next(); next !== null && dateOf(next) <= last; next = occurrences.next()) {
        dates.push(dateOf(next));
      }
    }
  } catch (cause) {
    throw new HolidayRuleError(
      `cannot follow the recurrence of the holiday "${event.summary}" that starts at ${event.startDate.toString()}: mend its RRULE`,
      { cause },
    );
  }
  return dates;
}

/** An EXDATE or RECURRENCE-ID may have been written with a time of day. */
function dateOf(time: ICAL.Time): string {
  return time.toString().slice(0, "2026-12-25".length);
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}

function earlier(a: string, b: string): string {
  return a < b ? a : b;
}
