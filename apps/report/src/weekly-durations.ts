import type { DurationPoint, Week } from "./report-model.ts";
import { contains } from "./sla/interval.ts";
import type { Run } from "./sla/run.ts";

/** How many runs each pipeline had and how long they took, week by week; a run belongs to the week in which it finished. */
export function weeklyDurations(
  runsOf: ReadonlyMap<string, readonly Pick<Run, "finishedAt" | "elapsedMs">[]>,
  weeks: readonly Week[],
): DurationPoint[] {
  return Array.from(runsOf).flatMap(([pipelineUuid, runs]) =>
    weeks.flatMap((week) => {
      const elapsed = runs
        .filter(({ finishedAt }) => contains(week, finishedAt))
        .map(({ elapsedMs }) => elapsedMs)
        .toSorted((a, b) => a - b);
      const [p50Ms, p95Ms] = [nearestRank(elapsed, 50), nearestRank(elapsed, 95)];
      return p50Ms === null || p95Ms === null
        ? []
        : [{ week: week.id, pipelineUuid, runs: elapsed.length, p50Ms, p95Ms }];
    }),
  );
}

/** The smallest of the sorted values that at least `percent` of them do not exceed; `null` of nothing. */
function nearestRank(sorted: readonly number[], percent: number): number | null {
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? null;
}
