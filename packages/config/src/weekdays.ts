/** ISO 8601: Monday is 1, Sunday is 7. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

const NUMBERS: Readonly<Record<string, Weekday>> = {
  mon: 1,
  tue: 2,
  wed: 3,
  thu: 4,
  fri: 5,
  sat: 6,
  sun: 7,
};
const ALL = Object.values(NUMBERS);

const NAME = `(?:${Object.keys(NUMBERS).join("|")})`;
const RANGE = `${NAME}(?:-${NAME})?`;

/** `mon-fri`, `mon,wed,fri`, `sat`, `mon-wed,fri`; a range may run over the weekend: `sat-mon`. */
export const WEEKDAYS = new RegExp(`^${RANGE}(?:, ?${RANGE})*$`);

/** How to write weekdays, to finish the sentence "write …". */
export const WEEKDAYS_HINT = 'mon-fri, "mon,wed,fri" or a list such as [mon, wed, fri]';

/**
 * The days in ISO order, each once.
 *
 * @throws {RangeError} when `text` is not written as {@link WEEKDAYS} asks for.
 */
export function parseWeekdays(text: string): Weekday[] {
  if (!WEEKDAYS.test(text)) throw new RangeError(`"${text}" names no weekdays: write ${WEEKDAYS_HINT}`);
  const named = new Set(text.split(/, ?/).flatMap(daysOfRange));
  return ALL.filter((day) => named.has(day));
}

function daysOfRange(range: string): Weekday[] {
  const [first, last = first] = range.split("-").map((name) => NUMBERS[name]);
  if (!first || !last) return [];
  return ALL.filter((day) => (first <= last ? first <= day && day <= last : first <= day || day <= last));
}
