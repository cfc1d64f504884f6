/** Dates as whole days since 1970-01-01, so that they can be counted with. The calendar is the Gregorian one throughout. */

const DAY_MS = 86_400_000;

export type CivilDay = number;

/** Null for a date that the calendar does not have. Months count from 1. */
export function civilDay(year: number, month: number, day: number): CivilDay | null {
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime() / DAY_MS;
}

/** Of `2026-12-25` or `20261225`. */
export function parseCivilDay(text: string): CivilDay | null {
  const [, year, month, day] = /^(\d{4})-?(\d\d)-?(\d\d)$/u.exec(text) ?? [];
  return year === undefined ? null : civilDay(Number(year), Number(month), Number(day));
}

/** `2026-12-25` */
export function isoDate(day: CivilDay): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

export function partsOf(day: CivilDay): { year: number; month: number; day: number } {
  // A Date would do the same in ten times the time; a rule may look through a thousand days.
  let year = Math.floor((day - firstOfYear(1970)) / 365.2425) + 1970;
  if (day < firstOfYear(year)) year -= 1;
  else if (day >= firstOfYear(year + 1)) year += 1;
  let left = day - firstOfYear(year);
  let month = 1;
  for (let length = daysInMonth(year, month); left >= length; length = daysInMonth(year, month)) {
    left -= length;
    month += 1;
  }
  return { year, month, day: left + 1 };
}

/** From Monday, 0, to Sunday, 6. */
export function weekdayOfDay(day: CivilDay): number {
  return (((day + 3) % 7) + 7) % 7;
}

export function firstOfYear(year: number): CivilDay {
  return daysBefore(year) - EPOCH;
}

/** Days from the first of year 0 to the first of `year`. */
function daysBefore(year: number): number {
  const before = year - 1;
  return year * 365 + Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
}

const EPOCH = daysBefore(1970);

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

export function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : (LENGTHS[month - 1] ?? 0);
}

const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
