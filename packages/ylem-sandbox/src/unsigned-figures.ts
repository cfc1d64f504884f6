import type { PeriodStats } from "./source-history.ts";
import type { RunFigures } from "./statistics.ts";

/**
 * Figures as a server reads them whose successes are unsigned: at a negative count it breaks off reading the row, so the
 * successes are 0 and the other fields keep what they held before, at first zeros. Nothing in the answer says so.
 */
export function readUnsigned(figures: RunFigures): RunFigures {
  return figures.successes < 0 ? NOTHING : figures;
}

/**
 * The same for the periods of one answer, in the order in which they are read: what a field held before is of the period
 * before. `keepsDates` is whether the dates are read before the successes, or are among what is left as it was.
 */
export function readPeriodsUnsigned(periods: readonly PeriodStats[], keepsDates: boolean): PeriodStats[] {
  let held: PeriodStats = { fromSec: ZERO_SEC, toSec: ZERO_SEC, ...NOTHING };
  return periods.map((period) => {
    const { fromSec, toSec } = keepsDates ? period : held;
    held = period.successes < 0 ? { ...held, fromSec, toSec, successes: 0 } : period;
    return held;
  });
}

const NOTHING: RunFigures = { successes: 0, failures: 0, averageDurationMs: 0 };

/** 0001-01-01 00:00:00, which the API writes for a time that is not there. */
const ZERO_SEC = -62_135_596_800;
