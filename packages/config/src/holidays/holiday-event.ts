import { DateTime } from "luxon";
import { findIana } from "windows-iana";
import { isoDate, parseCivilDay, type CivilDay } from "./civil-day.ts";
import { contentLines, unescaped, type ContentLine } from "./content-lines.ts";
import { lastOccurrence, parseRecurrence, RecurrenceError, ruleText, type Recurrence } from "./recurrence.ts";

/** An event that makes whole days holidays. */
export interface HolidayEvent {
  name: string;
  /** The first day. */
  start: CivilDay;
  /** How many days it lasts. */
  days: number;
  /** When it starts again; a count is an `until` already. */
  rules: readonly Recurrence[];
  /** Further days on which it starts. */
  added: readonly CivilDay[];
  /** Days on which it does not start, whatever the rules say. */
  excepted: readonly CivilDay[];
}

/** Something in a calendar that cannot be followed. */
interface EventProblem {
  /** Of the calendar's file, from 1. */
  line: number;
  message: string;
}

export interface ReadEvents {
  /** Null when the text is no calendar. */
  events: HolidayEvent[] | null;
  problems: EventProblem[];
}

/** Longer is no holiday but a mistake. */
const LONGEST_DAYS = 3660;

/** Periods that the counted rules of a file may have to be looked through: some tenths of a second. */
const MOST_PERIODS = 2_000_000;

/**
 * Reads the events of an iCalendar text that are whole days: those that start on a date, and those that run from midnight
 * to midnight in a zone, or say that they are whole days. An event with RECURRENCE-ID takes the place of an occurrence of
 * the event with its UID; what is cancelled is left out.
 */
export function readHolidayEvents(text: string): ReadEvents {
  const lines = contentLines(text);
  const components = eventComponents(lines);
  if (components === null) return { events: null, problems: [] };
  const problems: EventProblem[] = isCutShort(lines)
    ? [{ line: lines.at(-1)?.line ?? 1, message: "the calendar ends in the middle: the file was cut short" }]
    : [];
  let periods = 0;
  const spend = (): void => {
    periods += 1;
    if (periods > MOST_PERIODS)
      throw new RecurrenceError("the counted rules of this file take too long to work out");
  };
  const read = components.flatMap((component) => {
    const event = toEvent(component, spend);
    if (event !== null && "message" in event) problems.push(event);
    return event === null || "message" in event ? [] : [event];
  });
  const replaced = Map.groupBy(
    read.filter(({ replaces }) => replaces !== null),
    ({ uid }) => uid,
  );
  const events = read
    .filter(({ isCancelled }) => !isCancelled)
    .map(({ uid, replaces, event }): HolidayEvent => {
      const moved = replaces === null ? (replaced.get(uid) ?? []) : [];
      const excepted = new Set([...event.excepted, ...moved.flatMap((other) => other.replaces ?? [])]);
      return { ...event, excepted: [...excepted].toSorted((a, b) => a - b) };
    });
  return { events, problems };
}

/** The text of what makes the days, in one form for all calendars that mean the same days by the same rules. */
export function holidayRules(events: readonly HolidayEvent[]): string {
  const toDate = (day: CivilDay) => isoDate(day).replaceAll("-", "");
  const list = (name: string, days: readonly CivilDay[]) =>
    days.length === 0 ? [] : [`${name};VALUE=DATE:${days.map(toDate).join(",")}`];
  const texts = events.map(({ start, days, rules, added, excepted }) =>
    [
      "BEGIN:VEVENT",
      `DTSTART;VALUE=DATE:${toDate(start)}`,
      ...(days > 1 ? [`DURATION:P${days}D`] : []),
      ...rules.map((rule) => `RRULE:${ruleText(rule, start)}`).toSorted(),
      ...list("RDATE", added),
      ...list("EXDATE", excepted),
      "END:VEVENT",
    ].join("\r\n"),
  );
  return ["BEGIN:VCALENDAR", "VERSION:2.0", ...new Set(texts.toSorted()), "END:VCALENDAR", ""].join("\r\n");
}

/** The properties of each VEVENT, but for those of alarms and the like inside of it; null without a calendar. */
function eventComponents(lines: readonly ContentLine[]): ContentLine[][] | null {
  if (!lines.some(({ name, value }) => name === "BEGIN" && value.toUpperCase() === "VCALENDAR")) return null;
  const components: ContentLine[][] = [];
  const open: string[] = [];
  for (const line of lines) {
    if (line.name === "BEGIN") {
      open.push(line.value.toUpperCase());
      if (open.at(-1) === "VEVENT") components.push([line]);
    } else if (line.name === "END") open.pop();
    else if (open.at(-1) === "VEVENT" && line.value !== "") components.at(-1)?.push(line);
  }
  return components;
}

/** Whether something that begins does not end: of a file that was not wholly fetched the rest may be holidays. */
function isCutShort(lines: readonly ContentLine[]): boolean {
  const count = (mark: string) => lines.filter(({ name }) => name === mark).length;
  return count("BEGIN") > count("END");
}

interface Component {
  uid: string;
  /** The day whose occurrence it takes the place of. */
  replaces: CivilDay | null;
  isCancelled: boolean;
  event: HolidayEvent;
}

/** Null for what is not whole days. */
function toEvent(component: readonly ContentLine[], spend: () => void): Component | EventProblem | null {
  const first = (name: string) => component.find((line) => line.name === name);
  const all = (name: string) => component.filter((line) => line.name === name);
  const name = unescaped(first("SUMMARY")?.value ?? "") || "Holiday";
  const at = (line: ContentLine | undefined, message: string): EventProblem => ({
    line: line?.line ?? component[0]?.line ?? 1,
    message: `"${name}": ${message}`,
  });
  const isCancelled = first("STATUS")?.value.toUpperCase() === "CANCELLED";
  const start = first("DTSTART");
  if (!start) return isCancelled ? null : at(undefined, "the event has no DTSTART");
  const from = toMoment(start);
  if (from === null) return at(start, `DTSTART:${start.value} is not a date`);
  const length = toLength(component, from);
  if (length === null) return null;
  if (typeof length === "string") return at(first("DTEND") ?? first("DURATION"), length);

  const dates = (property: string): CivilDay[] | EventProblem => {
    const days: CivilDay[] = [];
    for (const line of all(property)) {
      for (const value of line.value.split(",").filter((each) => each.trim() !== "")) {
        const moment = toMoment({ ...line, value: value.split("/")[0] ?? "" }, start);
        if (moment === null) return at(line, `${property}:${value} is not a date`);
        days.push(moment.day);
      }
    }
    return [...new Set(days)].toSorted((a, b) => a - b);
  };
  const [added, excepted, recurrenceIds] = [dates("RDATE"), dates("EXDATE"), dates("RECURRENCE-ID")];
  for (const found of [added, excepted, recurrenceIds]) if (!Array.isArray(found)) return found;

  const rules: Recurrence[] = [];
  const toDay = (until: string) => toMoment({ ...start, value: until }, start, "floor")?.day ?? null;
  for (const line of all("RRULE")) {
    try {
      const rule = parseRecurrence(line.value, toDay);
      const until = lastOccurrence(rule, from.day, spend);
      rules.push({ ...rule, count: null, until });
    } catch (error) {
      if (!(error instanceof RecurrenceError)) throw error;
      return at(line, `cannot follow its RRULE: ${error.message}`);
    }
  }
  const unfollowed = first("EXRULE");
  if (unfollowed) return at(unfollowed, "EXRULE is not followed: write the days as EXDATE");
  const range = first("RECURRENCE-ID")?.parameters.get("RANGE");
  if (range !== undefined) return at(first("RECURRENCE-ID"), `RANGE=${range} is not followed`);
  return {
    uid: first("UID")?.value ?? "",
    // Typed as problems above, which have been returned.
    replaces: Array.isArray(recurrenceIds) ? (recurrenceIds[0] ?? null) : null,
    isCancelled,
    event: {
      name,
      start: from.day,
      days: length,
      rules,
      added: Array.isArray(added) ? added : [],
      excepted: Array.isArray(excepted) ? excepted : [],
    },
  };
}

/** A date, or a time of day on it: in UTC, in a zone, or in none. */
interface Moment {
  day: CivilDay;
  isDate: boolean;
  /** At 00:00:00, in the zone that it is written in. */
  isMidnight: boolean;
  isUtc: boolean;
}

/**
 * Reads a date or a time. A time in UTC is taken to the zone of `like`, where that has one. Where it has none, a whole
 * day's midnight is the nearest (`round`), and an UNTIL's day the one that it is written with (`floor`).
 */
function toMoment(
  { value, parameters }: ContentLine,
  like?: ContentLine,
  inUtc: "round" | "floor" = "round",
): Moment | null {
  const [, date = "", time, utc] = /^(\d{8})(?:T(\d{6}))?(Z)?$/iu.exec(value.trim()) ?? [];
  const day = parseCivilDay(date);
  if (day === null) return null;
  if (time === undefined) return { day, isDate: true, isMidnight: true, isUtc: false };
  const isMidnight = time === "000000";
  if (utc === undefined) return { day, isDate: false, isMidnight, isUtc: false };
  const zone = ianaZone(parameters.get("TZID") ?? like?.parameters.get("TZID"));
  if (zone !== null) {
    const local = DateTime.fromISO(
      `${isoDate(day)}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}Z`,
      { zone },
    );
    const localDay = local.isValid ? parseCivilDay(local.toISODate()) : null;
    if (localDay !== null)
      return { day: localDay, isDate: false, isMidnight: local.toFormat("HHmmss") === "000000", isUtc: true };
  }
  const isDateLike = like !== undefined && !like.value.includes("T");
  const rounded = inUtc === "round" && !isDateLike && Number(time.slice(0, 2)) >= 12 ? day + 1 : day;
  return { day: rounded, isDate: false, isMidnight, isUtc: true };
}

/** The zone by its IANA name, also of one that is named as Windows does; null where it is not known. */
function ianaZone(name: string | undefined): string | null {
  if (name === undefined) return null;
  const candidates = [name, ...findIana(name), name.replace(/^.*?(?=[A-Z]\w+\/)/u, "")];
  return candidates.find((candidate) => DateTime.local({ zone: candidate }).isValid) ?? null;
}

/** How many days an event lasts; null when it is not whole days, a sentence when that makes no sense. */
function toLength(component: readonly ContentLine[], from: Moment): number | string | null {
  const first = (name: string) => component.find((line) => line.name === name);
  const isFlagged = [
    "X-MICROSOFT-CDO-ALLDAYEVENT",
    "X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT",
    "X-FUNAMBOL-ALLDAY",
  ].some((flag) => /^(?:true|1)$/iu.test(first(flag)?.value ?? ""));
  const endLine = first("DTEND");
  const end = endLine ? toMoment(endLine, first("DTSTART")) : null;
  if (endLine && end === null)
    return from.isDate || isFlagged ? `DTEND:${endLine.value} is not a date` : null;
  const duration = first("DURATION");
  const ofDuration = duration ? daysOf(duration.value) : null;
  if (duration && ofDuration === null && (from.isDate || isFlagged))
    return `DURATION:${duration.value} is not in days`;
  // What ends when it starts, as some programs write it, is a day, too.
  const days = end ? end.day - from.day : (ofDuration ?? 0);
  if (!from.isDate && !isFlagged) {
    const isWhole = from.isMidnight && !from.isUtc && days >= 1 && (end === null || end.isMidnight);
    if (!isWhole) return null;
  }
  if (days < 0) return "it ends before it starts";
  if (days > LONGEST_DAYS) return `it lasts ${days} days, and no holiday more than ${LONGEST_DAYS}`;
  return Math.max(days, 1);
}

/** Of `P2D`, `P1W`, `PT24H`; null when it is not whole days. */
function daysOf(text: string): number | null {
  const [, weeks, days, hours] =
    /^\+?P(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:0+M)?(?:0+S)?)?$/iu.exec(text) ?? [];
  if (weeks === undefined && days === undefined && hours === undefined) return null;
  const total = Number(weeks ?? 0) * 7 + Number(days ?? 0) + Number(hours ?? 0) / 24;
  return Number.isInteger(total) ? total : null;
}
