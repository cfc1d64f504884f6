/**
 * An instant in UTC with microseconds, of fixed width, so that the order of the text is the order of time:
 * `2024-03-22T12:57:49.123456Z`.
 */
export type MicroInstant = string;

/**
 * Reads an RFC 3339 time with up to nine fractional digits and any offset; digits beyond the sixth are cut.
 * Undefined when the text is no such time. Makes no Date for UTC: logs hold hundreds of thousands of them.
 */
export function toMicroInstant(text: string): MicroInstant | undefined {
  const match = RFC_3339.exec(text);
  if (!match) return undefined;
  const [, date = "", time = "", fraction = "", sign, offsetHours = "", offsetMinutes = ""] = match;
  if (!isDate(date) || !isTime(time)) return undefined;
  const micros = fraction.padEnd(6, "0").slice(0, 6);
  if (sign === undefined) return `${date}T${time}.${micros}Z`;

  const offset = `${offsetHours}:${offsetMinutes}`;
  if (!isTime(`${offset}:00`)) return undefined;
  const utc = new Date(`${date}T${time}${sign}${offset}`).toISOString();
  return utc.length === ISO_LENGTH && isDate(utc.slice(0, 10)) ? `${utc.slice(0, 19)}.${micros}Z` : undefined;
}

/**
 * Reads a time of the statistics: `YYYY-MM-DD HH:MM:SS` in UTC or, as the reference leaves it open,
 * RFC 3339 or a bare date. Milliseconds are kept, finer digits cut.
 */
export function toDate(text: string): Date | undefined {
  const full = DATE_ONLY.test(text) ? `${text}T00:00:00Z` : text.replace(" ", "T");
  const instant = toMicroInstant(full) ?? toMicroInstant(`${full}Z`);
  return instant === undefined ? undefined : new Date(`${instant.slice(0, 23)}Z`);
}

/** Whether this is Go's zero time, which stands for "never". */
export function isZeroTime(time: MicroInstant | Date): boolean {
  return (typeof time === "string" ? time : time.toISOString()) < AFTER_ZERO_TIME;
}

/** `YYYY-MM-DD HH:MM:SS` in UTC, as the server takes it; a fraction of a second is cut. */
export function toServerTime(time: Date): string {
  return time.toISOString().slice(0, 19).replace("T", " ");
}

const RFC_3339 = /^(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;
const DATE_ONLY = /^\d{4}-\d\d-\d\d$/;
/** There is none before it: the first second of the first year. */
const AFTER_ZERO_TIME = "0001-01-01T00:00:01";
const ISO_LENGTH = "2024-03-22T12:57:49.123Z".length;
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isDate(date: string): boolean {
  const year = Number(date.slice(0, 4));
  const month = Number(date.slice(5, 7));
  const day = Number(date.slice(8, 10));
  const isLeapDay = month === 2 && day === 29 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return year >= 1 && day >= 1 && (day <= (DAYS_IN_MONTH[month - 1] ?? 0) || isLeapDay);
}

/** Times of two digits each compare as text. */
function isTime(time: string): boolean {
  return time <= "23:59:59" && time.slice(3, 5) <= "59" && time.slice(6, 8) <= "59";
}
