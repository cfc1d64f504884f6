import type { Interval } from "./interval.ts";
import type { RunFailure } from "./run.ts";
import type { Runs } from "./runs.ts";

/** A time between two successful runs that was longer than data stays fresh. */
export interface StaleGap {
  /** Finish of the last successful run before. */
  from: Date;
  /** Finish of the next successful run; `null` while there is none. */
  to: Date | null;
  /** From when the data were too old, to `to` or as far as was looked. */
  stale: Interval;
  /** The first failed run since `from`. */
  firstFailure: RunFailure | null;
}

/** The gaps of a range that starts with a success, in order. `runs` are in order of finish. */
export function staleGaps(runs: Runs, maxAgeMs: number, { start, end }: Interval): StaleGap[] {
  const gaps: StaleGap[] = [];
  let firstFailure: RunFailure | null = null;
  const addGap = (from: number, to: number | null) => {
    const staleFrom = from + maxAgeMs;
    const staleUntil = to ?? end.getTime();
    if (staleFrom >= staleUntil) return;
    gaps.push({
      from: new Date(from),
      to: to === null ? null : new Date(to),
      stale: { start: new Date(staleFrom), end: new Date(staleUntil) },
      firstFailure,
    });
  };
  let from = start.getTime();
  const until = runs.firstFrom(end);
  for (let index = 0; index < until; index += 1) {
    if (runs.isSuccessful(index)) {
      const finish = runs.finishedAt(index);
      addGap(from, finish);
      from = finish;
      firstFailure = null;
    } else {
      firstFailure ??= runs.failure(index);
    }
  }
  addGap(from, null);
  return gaps;
}
