import type { HistoryTransaction } from "@runledger/history";

export interface DerivedRuns {
  /** Start of the earliest and finish of the latest run that is new or changed; null when none is. */
  firstRunAt: string | null;
  lastRunAt: string | null;
}

/** Brings `runs` in line with the task runs of the given runs: the one definition of a run's figures. */
export async function deriveRuns(
  { client }: HistoryTransaction,
  pipelineUuid: string,
  runUuids: readonly string[],
): Promise<DerivedRuns> {
  const { rows } = await client.query<DerivedRuns>(DERIVE, [pipelineUuid, runUuids]);
  return rows[0] ?? { firstRunAt: null, lastRunAt: null };
}

const FIGURES =
  "started_at finished_at elapsed_ms task_duration_ms first_failed_task_uuid task_count failed_task_count " +
  "is_successful error_message";

/** The figures' columns, each written as `write` says, with commas between. */
const figures = (write: (column: string) => string): string => FIGURES.split(" ").map(write).join(", ");

const DERIVE = `
  with
    figures as (
      select
        pipeline_uuid,
        run_uuid,
        min(executed_at - duration_ms * interval '1 millisecond')              as started_at,
        max(executed_at)                                                       as finished_at,
        sum(duration_ms)                                                       as task_duration_ms,
        count(*)                                                               as task_count,
        count(*) filter (where not is_successful)                              as failed_task_count,
        (array_agg(task_uuid order by executed_at, task_uuid, ordinal)
           filter (where not is_successful))[1]                                as first_failed_task_uuid,
        (array_agg(error_message order by executed_at, task_uuid, ordinal)
           filter (where not is_successful))[1]                                as error_message
      from runledger.task_runs
      where pipeline_uuid = $1 and run_uuid = any($2::uuid[])
      group by pipeline_uuid, run_uuid
    ),
    written as (
      insert into runledger.runs as r (pipeline_uuid, run_uuid, ${figures((column) => column)})
      select
        pipeline_uuid, run_uuid, started_at, finished_at, extract(epoch from finished_at - started_at) * 1000,
        task_duration_ms, first_failed_task_uuid, task_count, failed_task_count, failed_task_count = 0, error_message
      from figures
      on conflict (pipeline_uuid, run_uuid) do update
        set ${figures((column) => `${column} = excluded.${column}`)}
        where (${figures((column) => `r.${column}`)})
          is distinct from (${figures((column) => `excluded.${column}`)})
      returning started_at, finished_at
    )
  select min(started_at)::text as "firstRunAt", max(finished_at)::text as "lastRunAt" from written`;
