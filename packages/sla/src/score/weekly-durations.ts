import type { DurationPoint } from "../report/weekly-report.ts";
import type { Micros } from "../calendar/micros.ts";
import type { Interval } from "../calendar/interval.ts";
import type { Runs } from "../runs/runs.ts";
import type { Scope } from "../scope/scope.ts";
import { smallest } from "../runs/quickselect.ts";

/**
 * How many runs a pipeline had and how long they took, week by week, in the time that counts; a run belongs to the week
 * in which it finished. `runs` are in order of finish.
 */
export function weeklyDurations(
  runs: Runs,
  { weeks, counted }: Pick<Scope, "weeks" | "counted">,
): DurationPoint[] {
  return weeks.flatMap((week) => {
    const elapsed = elapsedIn(runs, counted(week));
    const [p50Ms, p95Ms] = [nearestRank(elapsed, 50), nearestRank(elapsed, 95)];
    return p50Ms === null || p95Ms === null
      ? []
      : [{ week: week.id, pipelineUuid: runs.pipelineUuid, runs: elapsed.length, p50Ms, p95Ms }];
  });
}

function elapsedIn(runs: Runs, { start, end }: Interval<Micros>): Float64Array {
  const from = runs.firstFrom(start);
  const elapsed = new Float64Array(Math.max(runs.firstFrom(end) - from, 0));
  for (let index = 0; index < elapsed.length; index += 1) elapsed[index] = runs.elapsedMs(from + index);
  return elapsed;
}

/** The smallest of the values that at least `percent` of them do not exceed; `null` of nothing. Reorders them. */
function nearestRank(values: Float64Array, percent: number): number | null {
  return values.length === 0 ? null : smallest(values, Math.ceil((values.length * percent) / 100) - 1);
}
