import { firstOfYear, isoDate, type CivilDay } from "./civil-day.ts";
import { contentLines, unescaped, type ContentLine } from "./content-lines.ts";
import { timeReader, type EventTime, type ReadTime } from "./event-time.ts";
import {
  LAST_YEAR,
  lastOccurrence,
  parseRecurrence,
  RecurrenceError,
  ruleText,
  type Recurrence,
} from "./recurrence.ts";

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
  /** The name of the event whose days are in doubt; null where those of all are. */
  event: string | null;
}

export interface ReadEvents {
  /** Null when the text is no calendar. */
  events: HolidayEvent[] | null;
  problems: EventProblem[];
}

/** Longer is no holiday but a mistake. */
const LONGEST_DAYS = 3660;

/** Days and periods that the rules of a file may have to be looked through: about a second. */
const MOST_WORK = 5_000_000;

/**
 * Reads the events of an iCalendar text that are whole days: those that start on a date, and those that run from midnight
 * to midnight in a zone, or say that they are whole days. An event with RECURRENCE-ID takes the place of an occurrence of
 * the event with its UID, whether it is whole days itself or not; what is cancelled is left out.
 */
export function readHolidayEvents(text: string): ReadEvents {
  const lines = contentLines(text);
  const components = eventComponents(lines)?.map(toComponent);
  if (components === undefined) return { events: null, problems: [] };
  const cutShort = "the calendar ends in the middle: the file was cut short";
  const problems: EventProblem[] = isCutShort(lines)
    ? [{ line: lines.at(-1)?.line ?? 1, message: cutShort, event: null }]
    : [];
  let work = 0;
  const spend = (amount: number): void => {
    work += amount;
    if (work > MOST_WORK) throw new RecurrenceError("the rules of this file take too long to work out");
  };
  const reader: Reader = { readTime: timeReader(lines), spend };
  const series = Map.groupBy(
    components.filter(({ uid, recurrenceId }) => uid !== null && !recurrenceId),
    ({ uid }) => uid,
  );
  const read = new Map<Component, HolidayEvent>();
  for (const component of components) {
    const masters = component.recurrenceId ? (series.get(component.uid) ?? []) : [];
    const isOfCancelled = masters.length > 0 && masters.every(({ isCancelled }) => isCancelled);
    if (component.isCancelled || isOfCancelled) continue;
    const event = toEvent(component, reader);
    if (event !== null && "message" in event) problems.push(event);
    else if (event !== null) read.set(component, event);
  }
  const moved = new Map<string | null, Set<CivilDay>>();
  for (const override of components) {
    if (!override.recurrenceId) continue;
    // Where none is of whole days, no holiday is moved.
    const master = series.get(override.uid)?.find((each) => read.has(each));
    if (!master && !read.has(override)) continue;
    const day = movedDay(override, master, reader);
    if (typeof day !== "number") problems.push(day);
    else if (master) moved.set(override.uid, (moved.get(override.uid) ?? new Set()).add(day));
  }
  const events = Array.from(read, ([{ uid, recurrenceId }, event]): HolidayEvent => {
    const days = recurrenceId ? undefined : moved.get(uid);
    if (!days) return event;
    return { ...event, excepted: [...new Set([...event.excepted, ...days])].toSorted((a, b) => a - b) };
  });
  return { events, problems: problems.toSorted((a, b) => a.line - b.line) };
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
    } else if (line.name === "END") {
      open.pop();
    } else if (open.at(-1) === "VEVENT" && line.value !== "") {
      components.at(-1)?.push(line);
    }
  }
  return components;
}

/** Whether something that begins does not end: of a file that was not wholly fetched the rest may be holidays. */
function isCutShort(lines: readonly ContentLine[]): boolean {
  const count = (mark: string) => lines.filter(({ name }) => name === mark).length;
  return count("BEGIN") > count("END");
}

interface Component {
  lines: readonly ContentLine[];
  name: string;
  /** Null without one: then it belongs to no other. */
  uid: string | null;
  /** Of the occurrence that it takes the place of. */
  recurrenceId: ContentLine | undefined;
  isCancelled: boolean;
}

function toComponent(lines: readonly ContentLine[]): Component {
  const first = (name: string) => lines.find((line) => line.name === name);
  return {
    lines,
    name: unescaped(first("SUMMARY")?.value ?? "") || "Holiday",
    uid: first("UID")?.value ?? null,
    recurrenceId: first("RECURRENCE-ID"),
    isCancelled: first("STATUS")?.value.toUpperCase() === "CANCELLED",
  };
}

interface Reader {
  readTime: ReadTime;
  /** Throws a RecurrenceError where the whole file costs too much. */
  spend: (amount: number) => void;
}

/** The day of the series that an event takes the place of. */
function movedDay(
  { lines, name, recurrenceId }: Component,
  master: Component | undefined,
  { readTime }: Reader,
): CivilDay | EventProblem {
  const at = (message: string): EventProblem => ({
    line: recurrenceId?.line ?? 1,
    message: `"${name}": ${message}`,
    event: master?.name ?? name,
  });
  const range = recurrenceId?.parameters.get("RANGE");
  if (range !== undefined) return at(`RANGE=${range} is not followed`);
  const start = (master?.lines ?? lines).find((line) => line.name === "DTSTART");
  const time = recurrenceId ? readTime(recurrenceId, start) : null;
  return time?.day ?? at(`RECURRENCE-ID:${recurrenceId?.value} is not a date`);
}

/** Null for what is not whole days. */
function toEvent(
  { lines, name }: Component,
  { readTime, spend }: Reader,
): HolidayEvent | EventProblem | null {
  const first = (property: string) => lines.find((line) => line.name === property);
  const all = (property: string) => lines.filter((line) => line.name === property);
  const at = (line: ContentLine | undefined, message: string): EventProblem => ({
    line: line?.line ?? lines[0]?.line ?? 1,
    message: `"${name}": ${message}`,
    event: name,
  });
  const tooLate = (line: ContentLine, day: CivilDay): EventProblem =>
    at(line, `${line.name} is ${isoDate(day)}, and no holiday after ${LAST_YEAR} is looked for`);
  const start = first("DTSTART");
  if (!start) return at(undefined, "the event has no DTSTART");
  const from = readTime(start);
  if (from === null) return at(start, `DTSTART:${start.value} is not a date`);
  const length = toLength(lines, from, readTime);
  if (length === null) return null;
  if (typeof length === "string") return at(first("DTEND") ?? first("DURATION"), length);
  if (isTooLate(from.day)) return tooLate(start, from.day);

  const dates = (property: string): CivilDay[] | EventProblem => {
    const days: CivilDay[] = [];
    for (const line of all(property)) {
      for (const value of line.value.split(",").filter((each) => each.trim() !== "")) {
        const time = readTime({ ...line, value: value.split("/")[0] ?? "" }, start);
        if (time === null) return at(line, `${property}:${value} is not a date`);
        if (property === "RDATE" && isTooLate(time.day)) return tooLate(line, time.day);
        days.push(time.day);
      }
    }
    return [...new Set(days)].toSorted((a, b) => a - b);
  };
  const added = dates("RDATE");
  if (!Array.isArray(added)) return added;
  const excepted = dates("EXDATE");
  if (!Array.isArray(excepted)) return excepted;

  const rules: Recurrence[] = [];
  const toDay = (until: string) => readTime({ ...start, value: until }, start, "until")?.day ?? null;
  for (const line of all("RRULE")) {
    try {
      const rule = parseRecurrence(line.value, toDay);
      // As many occurrences can lie over one day.
      spend(length);
      rules.push({ ...rule, count: null, until: lastOccurrence(rule, from.day, spend) });
    } catch (error) {
      if (!(error instanceof RecurrenceError)) throw error;
      return at(line, `cannot follow its RRULE: ${error.message}`);
    }
  }
  const unfollowed = first("EXRULE");
  if (unfollowed) return at(unfollowed, "EXRULE is not followed: write the days as EXDATE");
  return { name, start: from.day, days: length, rules, added, excepted };
}

function isTooLate(day: CivilDay): boolean {
  return day >= firstOfYear(LAST_YEAR + 1);
}

const DAY_SECONDS = 86_400;

/** How many days an event lasts; null when it is not whole days, a sentence when that makes no sense. */
function toLength(
  lines: readonly ContentLine[],
  from: EventTime,
  readTime: ReadTime,
): number | string | null {
  const first = (name: string) => lines.find((line) => line.name === name);
  const isFlagged = [
    "X-MICROSOFT-CDO-ALLDAYEVENT",
    "X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT",
    "X-FUNAMBOL-ALLDAY",
  ].some((flag) => /^(?:true|1)$/iu.test(first(flag)?.value ?? ""));
  const endLine = first("DTEND");
  const end = endLine ? readTime(endLine, first("DTSTART")) : null;
  if (endLine && end === null) {
    return from.isDate || isFlagged ? `DTEND:${endLine.value} is not a date` : null;
  }
  const duration = first("DURATION");
  const ofDuration = duration ? secondsOf(duration.value) : null;
  const isInDays = isFlagged ? ofDuration !== null : ofDuration !== null && ofDuration % DAY_SECONDS === 0;
  if (duration && !isInDays && (from.isDate || isFlagged)) return `DURATION:${duration.value} is not in days`;
  // What ends when it starts, as some programs write it, is a day, too.
  const seconds = end
    ? (end.day - from.day) * DAY_SECONDS + end.second - from.second
    : isInDays
      ? (ofDuration ?? 0)
      : 0;
  if (!from.isDate && !isFlagged) {
    const isWhole = from.second === 0 && !from.isUtc && seconds > 0 && seconds % DAY_SECONDS === 0;
    if (!isWhole) return null;
  }
  // Up to 23:59 is the whole day. In UTC a day can be of 23 or 25 hours.
  const days = from.isUtc ? Math.round(seconds / DAY_SECONDS) : Math.ceil(seconds / DAY_SECONDS);
  if (days < 0) return "it ends before it starts";
  if (days > LONGEST_DAYS) return `it lasts ${days} days, and no holiday more than ${LONGEST_DAYS}`;
  return Math.max(days, 1);
}

/** Of `P2D`, `P1W`, `PT24H`, `PT23H59M`; null when it is none. */
function secondsOf(text: string): number | null {
  const [, ...parts] =
    /^\+?P(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?$/iu.exec(text) ??
    [];
  if (parts.every((part) => part === undefined)) return null;
  const [weeks, days, hours, minutes, seconds] = parts.map((part) => Number(part ?? 0));
  return (
    ((weeks ?? 0) * 7 + (days ?? 0)) * DAY_SECONDS +
    (hours ?? 0) * 3600 +
    (minutes ?? 0) * 60 +
    (seconds ?? 0)
  );
}
