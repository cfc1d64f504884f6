import { microsOfDate } from "../source/micros-bigint.ts";
import type { KnownTask } from "../source/source-history.ts";
import type { TaskRunRow } from "../source/task-run-row.ts";

const TASK_MS = 2000;
const QUEUE_MS = 1000;

/**
 * The rows of a run that is started by hand: every task succeeds, one after the other, 2 s each, and becomes
 * visible 1 s after its end. As the clock moves, the run unfolds.
 */
export function triggeredRun(
  pipelineUuid: string,
  runUuid: string,
  tasks: readonly KnownTask[],
  startedAt: Date,
): TaskRunRow[] {
  return tasks.map((task, position) => {
    const endedAt = startedAt.getTime() + (position + 1) * TASK_MS;
    return {
      pipelineUuid,
      runUuid,
      ...task,
      isSuccessful: true,
      durationMs: TASK_MS,
      output: "",
      metricValue: 0,
      executedAtMicros: microsOfDate(new Date(endedAt)),
      visibleAtMicros: microsOfDate(new Date(endedAt + QUEUE_MS)),
    };
  });
}
