import quickselect from "quickselect";
import type { DurationPoint } from "../report/weekly-report.ts";
import type { Micros } from "../calendar/micros.ts";
import type { Interval } from "../calendar/interval.ts";
import type { Runs } from "../runs/runs.ts";
import type { Scope } from "../scope/scope.ts";

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

function elapsedIn(runs: Runs, time: Interval<Micros>): number[] {
  const elapsed: number[] = [];
  for (const { elapsedMs } of runs.between(time)) elapsed.push(elapsedMs);
  return elapsed;
}

/** The smallest of the values that at least `percent` of them do not exceed; `null` of nothing. Reorders them. */
function nearestRank(values: number[], percent: number): number | null {
  const rank = Math.ceil((values.length * percent) / 100) - 1;
  if (rank < 0) return null;
  quickselect(values, rank);
  return values[rank] ?? null;
}
