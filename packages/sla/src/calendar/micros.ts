/**
 * An instant as the history keeps it: whole microseconds since 1970, exact up to 2^53, which is the year 2255. What the
 * calendar makes (weeks, due times, exclusions) are `Date`s: whole milliseconds.
 */
export type Micros = number;

export function microsOf(instant: Date): Micros {
  return instant.getTime() * 1000;
}

/** The millisecond that it lies in, as a human reads it. It is on the same side of every `Date` with `<` and `>=`. */
export function dateOf(instant: Micros): Date {
  return new Date(Math.floor(instant / 1000));
}

/** As ISO 8601, to the millisecond where it is a whole one: `2026-03-18T05:10:00.000Z`, `2026-03-18T05:10:00.000400Z`. */
export function isoOf(instant: Micros): string {
  const toMilliseconds = dateOf(instant).toISOString();
  const beyond = instant - Math.floor(instant / 1000) * 1000;
  return beyond === 0 ? toMilliseconds : `${toMilliseconds.slice(0, -1)}${String(beyond).padStart(3, "0")}Z`;
}

export function isoOrNull(instant: Micros | null): string | null {
  return instant === null ? null : isoOf(instant);
}
