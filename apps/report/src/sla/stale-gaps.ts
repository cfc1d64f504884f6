import type { Interval } from "./interval.ts";
import type { ExaminedRun, Run } from "./run.ts";

/** A time between two successful runs that was longer than data stays fresh. */
export interface StaleGap {
  /** Finish of the last successful run before. */
  from: Date;
  /** Finish of the next successful run; `null` while there is none. */
  to: Date | null;
  /** From when the data were too old, to `to` or as far as was looked. */
  stale: Interval;
  /** The first failed run since `from`. */
  firstFailure: Run | null;
}

/** The gaps of a range that starts with a success, in order. `runs` are in order of finish. */
export function staleGaps(
  runs: readonly ExaminedRun[],
  maxAgeMs: number,
  { start, end }: Interval,
): StaleGap[] {
  const gaps: StaleGap[] = [];
  let from = start;
  let firstFailure: Run | null = null;
  const addGap = (to: Date | null) => {
    const stale = { start: new Date(from.getTime() + maxAgeMs), end: to ?? end };
    if (stale.start < stale.end) gaps.push({ from, to, stale, firstFailure });
  };
  for (const { run } of runs) {
    if (run.finishedAt >= end) break;
    if (run.isSuccessful) {
      addGap(run.finishedAt);
      from = run.finishedAt;
      firstFailure = null;
    } else {
      firstFailure ??= run;
    }
  }
  addGap(null);
  return gaps;
}
