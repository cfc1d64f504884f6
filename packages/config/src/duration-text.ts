/** Milliseconds of each unit. A day is 24 hours and a week 7 days of elapsed time, whatever the clocks do. */
const UNITS: Readonly<Record<string, number>> = {
  w: 604_800_000,
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
};

/** `45m`, `26h`, `1h30m`: whole numbers with their units, longest first, each unit at most once. */
export const DURATION = /^(?=\d)(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m(?!s))?(?:\d+s)?(?:\d+ms)?$/;

/** How to write a duration, to finish the sentence "write …". */
export const DURATION_HINT = "a number with its unit, such as 45m, 26h or 1h30m (units: w d h m s ms)";

/**
 * Milliseconds of elapsed time.
 *
 * @throws {RangeError} when `text` is not written as {@link DURATION} asks for.
 */
export function durationMs(text: string): number {
  if (!DURATION.test(text)) throw new RangeError(`"${text}" is not a duration: write ${DURATION_HINT}`);
  let total = 0;
  for (const [, count, unit = ""] of text.matchAll(/(\d+)([a-z]+)/g)) {
    total += Number(count) * (UNITS[unit] ?? Number.NaN);
  }
  return total;
}
