import type { Day } from "../windows/days.ts";
import type { PipelineJob } from "../pull/pipeline-job.ts";
import type { ComparedDay } from "./coverage.ts";

/**
 * Of days on which the source cannot give the pipeline's figures, those whose log has yet to be read once more: only the
 * log then tells of tasks never seen. A day that was proven needs it no more while neither side's counts have changed.
 */
export async function unsoundDaysToRead(
  { history, pipelineUuid }: PipelineJob,
  days: readonly ComparedDay[],
): Promise<Day[]> {
  const unsound = days.filter((day) => day.agrees && day.sourceRuns === null);
  if (unsound.length === 0) {
    return [];
  }
  const { rows } = await history.pool.query<{ day: Day; counts: string }>(
    `select day, concat_ws(' ', stored_runs, stored_failures, stored_task_runs, source_task_runs) as counts
     from runledger.coverage where pipeline_uuid = $1 and state = 'proven' and day = any($2::date[])`,
    [pipelineUuid, unsound.map(({ day }) => day)],
  );
  const proven = new Map(rows.map(({ day, counts }) => [day, counts]));
  return unsound.filter((day) => proven.get(day.day) !== countsOf(day)).map(({ day }) => day);
}

function countsOf({ storedRuns, storedFailures, storedTaskRuns, sourceTaskRuns }: ComparedDay): string {
  return [storedRuns, storedFailures, storedTaskRuns, sourceTaskRuns].join(" ");
}
