import type { Micros } from "../calendar/micros.ts";
import type { Interval } from "../calendar/interval.ts";
import type { RunFailure } from "../runs/run.ts";
import type { RunView } from "../runs/run-view.ts";
import type { Runs } from "../runs/runs.ts";

/** A time between two successful runs that was longer than data stays fresh. */
export interface StaleGap {
  /** Finish of the last successful run before. */
  from: Micros;
  /** Finish of the next successful run; `null` while there is none. */
  to: Micros | null;
  /** From when the data were too old, to `to` or as far as was looked. */
  stale: Interval<Micros>;
  /** The first failed run since `from`. */
  firstFailure: RunFailure | null;
}

/**
 * The gaps of a range that starts with a success, in order. `runs` are in order of finish; successes that are not
 * certain are passed over.
 */
export function staleGaps(
  runs: Runs,
  maxAgeMs: number,
  { start, end }: Interval<Micros>,
  isCertain: (run: RunView) => boolean = () => true,
): StaleGap[] {
  const gaps: StaleGap[] = [];
  let firstFailure: RunFailure | null = null;
  const addGap = (from: Micros, to: Micros | null) => {
    const stale = { start: from + maxAgeMs * 1000, end: to ?? end };
    if (stale.start < stale.end) gaps.push({ from, to, stale, firstFailure });
  };
  let from = start;
  for (const run of runs.before(end)) {
    if (run.isSuccessful) {
      if (!isCertain(run)) continue;
      addGap(from, run.finishedAt);
      from = run.finishedAt;
      firstFailure = null;
    } else {
      firstFailure ??= run.failure();
    }
  }
  addGap(from, null);
  return gaps;
}
