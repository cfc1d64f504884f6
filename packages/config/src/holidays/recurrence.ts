import {
  civilDay,
  daysInMonth,
  firstOfYear,
  isLeapYear,
  isoDate,
  partsOf,
  weekdayOfDay,
  type CivilDay,
} from "./civil-day.ts";

type Frequency = "YEARLY" | "MONTHLY" | "WEEKLY" | "DAILY";

/** A recurrence of whole days, RFC 5545 section 3.3.10. */
export interface Recurrence {
  frequency: Frequency;
  interval: number;
  /** The last day on which it can occur. */
  until: CivilDay | null;
  count: number | null;
  /** From Monday, 0. */
  weekStart: number;
  byMonth: readonly number[];
  byWeekNumber: readonly number[];
  byYearDay: readonly number[];
  byMonthDay: readonly number[];
  /** `nth` is 0 for every one. */
  byDay: readonly { nth: number; weekday: number }[];
  bySetPosition: readonly number[];
}

/** Why a rule is not followed; the message names the part of it. */
export class RecurrenceError extends Error {
  override name = "RecurrenceError";
}

const WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/** More occurrences than a holiday can have; what is meant to go on for ever needs no COUNT. */
const LARGEST_COUNT = 10_000;

/**
 * Reads a rule of an event that is whole days. What readers of calendars take in different ways is refused.
 *
 * @param toDay gives the day of an UNTIL.
 * @throws RecurrenceError
 */
export function parseRecurrence(text: string, toDay: (until: string) => CivilDay | null): Recurrence {
  const parts = new Map<string, string>();
  for (const part of text
    .toUpperCase()
    .replaceAll(/\s+/gu, "")
    .split(";")
    .filter((each) => each !== "")) {
    const [name = "", value = ""] = part.split("=");
    if (parts.has(name)) throw new RecurrenceError(`it has ${name} twice`);
    if (value !== "") parts.set(name, value);
  }
  const known = new Set([
    ...Object.keys(RANGES),
    "FREQ",
    "INTERVAL",
    "COUNT",
    "UNTIL",
    "WKST",
    "BYDAY",
    ...IGNORED,
  ]);
  const unknown = [...parts.keys()].find((name) => !known.has(name));
  if (unknown !== undefined) throw new RecurrenceError(`${unknown} is not followed`);
  if ((parts.get("RSCALE") ?? "GREGORIAN") !== "GREGORIAN") {
    throw new RecurrenceError(`RSCALE=${parts.get("RSCALE")} is not followed: write the dates as RDATE`);
  }
  if ((parts.get("SKIP") ?? "OMIT") !== "OMIT") throw new RecurrenceError("SKIP is not followed");
  for (const name of ["BYHOUR", "BYMINUTE", "BYSECOND"]) {
    if (!/^0+$/u.test(parts.get(name) ?? "0")) {
      throw new RecurrenceError(`${name} makes no sense of whole days`);
    }
  }
  const numbers = (name: keyof typeof RANGES) => toNumbers(name, parts.get(name));
  const until = parts.get("UNTIL");
  const rule: Recurrence = {
    frequency: toFrequency(parts.get("FREQ")),
    interval: toWhole("INTERVAL", parts.get("INTERVAL") ?? "1", Number.MAX_SAFE_INTEGER),
    until: until === undefined ? null : (toDay(until) ?? refuse(`UNTIL=${until} is not a date`)),
    count: parts.has("COUNT") ? toWhole("COUNT", parts.get("COUNT") ?? "", LARGEST_COUNT) : null,
    weekStart: toWeekday(parts.get("WKST") ?? "MO", "WKST"),
    byMonth: numbers("BYMONTH"),
    byWeekNumber: numbers("BYWEEKNO"),
    byYearDay: numbers("BYYEARDAY"),
    byMonthDay: numbers("BYMONTHDAY"),
    byDay: (parts.get("BYDAY")?.split(",") ?? []).map(toByDay),
    bySetPosition: numbers("BYSETPOS"),
  };
  refuseWhatIsNotAllowed(rule);
  return rule;
}

const IGNORED = ["RSCALE", "SKIP", "BYHOUR", "BYMINUTE", "BYSECOND"];

/** Largest value of each, and whether it may be negative, counting from the end. */
const RANGES = {
  BYMONTH: { largest: 12, isSigned: false },
  BYWEEKNO: { largest: 53, isSigned: true },
  BYYEARDAY: { largest: 366, isSigned: true },
  BYMONTHDAY: { largest: 31, isSigned: true },
  BYSETPOS: { largest: 366, isSigned: true },
} as const;

function toNumbers(name: keyof typeof RANGES, text: string | undefined): number[] {
  const { largest, isSigned } = RANGES[name];
  const numbers = (text?.split(",") ?? []).map((each) => {
    const number = /^[+-]?\d{1,3}$/u.test(each) ? Number(each) : 0;
    if (number === 0 || Math.abs(number) > largest || (number < 0 && !isSigned)) {
      refuse(`${name}=${each} is out of range`);
    }
    return number;
  });
  return [...new Set(numbers)].toSorted((a, b) => a - b);
}

function toByDay(text: string): { nth: number; weekday: number } {
  const [, nth = "0", weekday = ""] = /^([+-]?\d{1,2})?(\w\w)$/u.exec(text.trim()) ?? [];
  const number = Number(nth);
  if (Math.abs(number) > 53) refuse(`BYDAY=${text} is out of range`);
  return { nth: number, weekday: toWeekday(weekday, "BYDAY", text) };
}

function toWeekday(text: string, name: string, whole: string = text): number {
  const weekday = WEEKDAYS.indexOf(text);
  return weekday < 0 ? refuse(`${name}=${whole} is not a weekday`) : weekday;
}

function toWhole(name: string, text: string, largest: number): number {
  const number = Number(text);
  if (!/^\d+$/u.test(text) || number < 1) refuse(`${name}=${text} is not a whole number from 1 up`);
  if (number > largest) refuse(`${name}=${text} is more than ${largest}`);
  return number;
}

function toFrequency(text: string | undefined): Frequency {
  switch (text) {
    case "YEARLY":
    case "MONTHLY":
    case "WEEKLY":
    case "DAILY":
      return text;
    case undefined:
      return refuse("it has no FREQ");
    default:
      return refuse(`FREQ=${text} makes no sense of whole days`);
  }
}

/** What the RFC forbids, and what its readers take in different ways. */
function refuseWhatIsNotAllowed(rule: Recurrence): void {
  const { frequency, interval, byDay, byWeekNumber, byYearDay, byMonthDay, byMonth, bySetPosition } = rule;
  const forbid = (isThere: boolean, what: string): void => {
    if (isThere) refuse(`${what} is not followed with FREQ=${frequency}`);
  };
  forbid(byWeekNumber.length > 0 && frequency !== "YEARLY", "BYWEEKNO");
  forbid(byYearDay.length > 0 && frequency !== "YEARLY", "BYYEARDAY");
  forbid(byMonthDay.length > 0 && frequency === "WEEKLY", "BYMONTHDAY");
  forbid(bySetPosition.length > 0 && frequency === "WEEKLY", "BYSETPOS");
  const hasNth = byDay.some(({ nth }) => nth !== 0);
  forbid(hasNth && frequency !== "YEARLY" && frequency !== "MONTHLY", "BYDAY with a number");
  if (hasNth && byWeekNumber.length > 0) refuse("BYDAY with a number is not followed beside BYWEEKNO");
  if (byWeekNumber.length > 0 && byDay.length === 0) refuse("BYWEEKNO is not followed without BYDAY");
  if (byWeekNumber.length > 0 && bySetPosition.length > 0) refuse("BYSETPOS is not followed beside BYWEEKNO");
  // Such a week can lie in two years: readers differ in which of them it counts for.
  const isOfTwoYears = (number: number) => Math.abs(number) > 51 || (Math.abs(number) === 1 && interval > 1);
  const ofTwoYears = byWeekNumber.find(isOfTwoYears);
  if (ofTwoYears !== undefined) {
    refuse(`BYWEEKNO=${ofTwoYears} is not followed: the week can lie in two years`);
  }
  if (rule.count !== null && rule.until !== null) refuse("it has both COUNT and UNTIL");
  const others = [byDay, byWeekNumber, byYearDay, byMonthDay, byMonth];
  if (bySetPosition.length > 0 && others.every((list) => list.length === 0)) {
    refuse("BYSETPOS needs another BY part beside it");
  }
}

function refuse(reason: string): never {
  throw new RecurrenceError(reason);
}

/** No day beyond is looked for. */
export const LAST_YEAR = 2199;

/**
 * The days on which a rule of an event that starts on `start` occurs in [`from`, `to`], in order. The start itself is one
 * of them only where the rule has it.
 *
 * @param spend is told of the days and periods that are looked through, and may throw where they are too many.
 */
export function occurrences(
  rule: Recurrence,
  start: CivilDay,
  { from, to }: { from: CivilDay; to: CivilDay },
  spend: (amount: number) => void = () => {},
): CivilDay[] {
  const found: CivilDay[] = [];
  const whole = withDefaults(rule, start);
  const matches = dayFilter(whole);
  const last = Math.min(to, rule.until ?? to, firstOfYear(LAST_YEAR + 1) - 1);
  // The start counts as the first occurrence, also where the rule does not have it.
  let left = (rule.count ?? Number.POSITIVE_INFINITY) - 1;
  // Without a count nothing depends on what was before the range, and without positions on what else a period has.
  const first = rule.count === null ? Math.max(start, from) : start;
  const looked = (begin: CivilDay, end: CivilDay): [CivilDay, CivilDay] =>
    rule.bySetPosition.length > 0 ? [begin, end] : [Math.max(begin, first), Math.min(end, last)];
  for (const [begin, end] of periods(whole, start, first)) {
    if (begin > last) break;
    const candidates = candidateDays(whole, ...looked(begin, end));
    spend(1 + candidates.length);
    for (const day of inPosition(candidates.filter(matches), rule.bySetPosition)) {
      if (day < start || day > last) continue;
      if (day > start) {
        if (left < 1) return found;
        left -= 1;
      }
      if (day >= from) found.push(day);
    }
    if (left < 1) return found;
  }
  return found;
}

/** The last day on which a rule occurs, `null` when it goes on for ever. */
export function lastOccurrence(
  rule: Recurrence,
  start: CivilDay,
  spend: (amount: number) => void,
): CivilDay | null {
  if (rule.count === null) return rule.until;
  return occurrences(rule, start, { from: start, to: Number.MAX_SAFE_INTEGER }, spend).at(-1) ?? start;
}

/** What a rule does not say is taken from the start. */
function withDefaults(rule: Recurrence, start: CivilDay): Recurrence {
  const { frequency, byMonth, byWeekNumber, byYearDay, byMonthDay, byDay } = rule;
  if ([byWeekNumber, byYearDay, byMonthDay, byDay].some((list) => list.length > 0)) return rule;
  const { month, day } = partsOf(start);
  switch (frequency) {
    case "YEARLY":
      return { ...rule, byMonth: byMonth.length > 0 ? byMonth : [month], byMonthDay: [day] };
    case "MONTHLY":
      return { ...rule, byMonthDay: [day] };
    case "WEEKLY":
      return { ...rule, byDay: [{ nth: 0, weekday: weekdayOfDay(start) }] };
    case "DAILY":
      return rule;
  }
}

/** The periods of a rule, first and last day, from the one that has `first`. */
function* periods(rule: Recurrence, start: CivilDay, first: CivilDay): Generator<[CivilDay, CivilDay]> {
  const { interval, weekStart } = rule;
  // Every day of some months is looked for by year, which passes over the other months.
  const isEveryDay = rule.frequency === "DAILY" && interval === 1 && rule.bySetPosition.length === 0;
  const frequency = isEveryDay ? "YEARLY" : rule.frequency;
  const steps = (distance: number) => Math.max(Math.floor(distance / interval), 0) * interval;
  const { year, month } = partsOf(start);
  const wanted = partsOf(first);
  switch (frequency) {
    case "YEARLY":
      for (let at = year + steps(wanted.year - year); at <= LAST_YEAR; at += interval) {
        yield [firstOfYear(at), firstOfYear(at + 1) - 1];
      }
      return;
    case "MONTHLY": {
      const index = year * 12 + month - 1;
      for (let at = index + steps(wanted.year * 12 + wanted.month - 1 - index); ; at += interval) {
        const [ofYear, ofMonth] = [Math.floor(at / 12), (at % 12) + 1];
        if (ofYear > LAST_YEAR) return;
        const begin = civilDay(ofYear, ofMonth, 1) ?? 0;
        yield [begin, begin + daysInMonth(ofYear, ofMonth) - 1];
      }
    }
    case "WEEKLY": {
      const week = weekOf(start, weekStart);
      for (let at = week + 7 * steps(Math.floor((first - week) / 7)); ; at += 7 * interval) {
        yield [at, at + 6];
      }
    }
    case "DAILY":
      for (let at = start + steps(first - start); ; at += interval) yield [at, at];
  }
}

/** Whether a day is one of the rule's, but for positions. All that the rule says of days has to hold. */
function dayFilter(rule: Recurrence): (day: CivilDay) => boolean {
  const { byMonth, byWeekNumber, byYearDay, byMonthDay, byDay } = rule;
  return (day) => {
    const { year, month, day: ofMonth } = partsOf(day);
    if (byMonth.length > 0 && !byMonth.includes(month)) return false;
    if (byMonthDay.length > 0) {
      const fromEnd = ofMonth - daysInMonth(year, month) - 1;
      if (!byMonthDay.includes(ofMonth) && !byMonthDay.includes(fromEnd)) return false;
    }
    if (byYearDay.length > 0) {
      const ofYear = day - firstOfYear(year) + 1;
      const fromEnd = ofYear - (isLeapYear(year) ? 366 : 365) - 1;
      if (!byYearDay.includes(ofYear) && !byYearDay.includes(fromEnd)) return false;
    }
    if (byWeekNumber.length > 0) {
      const { number, fromEnd } = weekNumber(day, rule.weekStart);
      if (!byWeekNumber.includes(number) && !byWeekNumber.includes(fromEnd)) return false;
    }
    return byDay.length === 0 || isByDay(day, rule);
  };
}

/** The nth weekday is that of the month, or of the year where the rule is by year and names no month. */
function isByDay(day: CivilDay, { byDay, frequency, byMonth }: Recurrence): boolean {
  const weekday = weekdayOfDay(day);
  const named = byDay.filter((each) => each.weekday === weekday);
  if (named.some(({ nth }) => nth === 0)) return true;
  if (named.length === 0) return false;
  const { year, month, day: ofMonth } = partsOf(day);
  const isOfYear = frequency === "YEARLY" && byMonth.length === 0;
  const [place, length] = isOfYear
    ? [day - firstOfYear(year) + 1, isLeapYear(year) ? 366 : 365]
    : [ofMonth, daysInMonth(year, month)];
  const nth = Math.floor((place - 1) / 7) + 1;
  const fromEnd = -(Math.floor((length - place) / 7) + 1);
  return named.some((each) => each.nth === nth || each.nth === fromEnd);
}

/** The number of a day's week in the year that has most of it, and the same counted from that year's end, from −1. */
function weekNumber(day: CivilDay, weekStart: number): { number: number; fromEnd: number } {
  const middle = weekOf(day, weekStart) + 3;
  const { year } = partsOf(middle);
  const number = Math.floor((middle - firstOfYear(year)) / 7) + 1;
  const yearEnd = firstOfYear(year + 1) - 1;
  const lastMiddle = weekOf(yearEnd, weekStart) + 3;
  const last = lastMiddle > yearEnd ? lastMiddle - 7 : lastMiddle;
  const weeks = Math.floor((last - firstOfYear(year)) / 7) + 1;
  return { number, fromEnd: number - weeks - 1 };
}

function weekOf(day: CivilDay, weekStart: number): CivilDay {
  return day - ((weekdayOfDay(day) - weekStart + 7) % 7);
}

/** The days of a span that can be a rule's by their month, the day of it and the weekday, in order. */
function candidateDays(
  { byMonth, byMonthDay, byDay }: Recurrence,
  begin: CivilDay,
  end: CivilDay,
): CivilDay[] {
  const days: CivilDay[] = [];
  const isOnWeekday = WEEKDAYS.map(
    (_, at) => byDay.length === 0 || byDay.some(({ weekday }) => weekday === at),
  );
  const add = (day: CivilDay): void => {
    if (day >= begin && day <= end && isOnWeekday[weekdayOfDay(day)]) days.push(day);
  };
  if (begin > end) return days;
  let { year, month } = partsOf(begin);
  for (let first = civilDay(year, month, 1) ?? 0; first <= end;) {
    const length = daysInMonth(year, month);
    if (byMonth.length === 0 || byMonth.includes(month)) {
      if (byMonthDay.length === 0) {
        for (let day = Math.max(first, begin); day < first + length && day <= end; day += 1) add(day);
      } else {
        const places = byMonthDay.map((place) => (place > 0 ? place : length + 1 + place));
        const inMonth = places.filter((place) => place >= 1 && place <= length);
        for (const place of [...new Set(inMonth)].toSorted((a, b) => a - b)) add(first + place - 1);
      }
    }
    first += length;
    month = month === 12 ? 1 : month + 1;
    if (month === 1) year += 1;
  }
  return days;
}

function inPosition(days: readonly CivilDay[], positions: readonly number[]): readonly CivilDay[] {
  if (positions.length === 0) return days;
  const wanted = new Set(positions.map((position) => (position > 0 ? position - 1 : days.length + position)));
  return days.filter((_, index) => wanted.has(index));
}

/** A rule without a count as text, in one form for all that mean the same: what it leaves open is taken from `start`. */
export function ruleText(rule: Recurrence, start: CivilDay): string {
  const { frequency, interval, until, weekStart, byDay, ...others } = withDefaults(rule, start);
  const list = (name: string, values: readonly (number | string)[]) =>
    values.length === 0 ? [] : [`${name}=${values.join(",")}`];
  const days = [...new Set(byDay.map(({ nth, weekday }) => `${nth === 0 ? "" : nth}${WEEKDAYS[weekday]}`))];
  const needsWeekStart = others.byWeekNumber.length > 0 || (frequency === "WEEKLY" && interval > 1);
  return [
    `FREQ=${frequency}`,
    ...(interval > 1 ? [`INTERVAL=${interval}`] : []),
    ...(until === null ? [] : [`UNTIL=${isoDate(until).replaceAll("-", "")}`]),
    ...list("BYMONTH", others.byMonth),
    ...list("BYWEEKNO", others.byWeekNumber),
    ...list("BYYEARDAY", others.byYearDay),
    ...list("BYMONTHDAY", others.byMonthDay),
    ...list("BYDAY", days.toSorted()),
    ...list("BYSETPOS", others.bySetPosition),
    ...(needsWeekStart ? [`WKST=${WEEKDAYS[weekStart]}`] : []),
  ].join(";");
}
