import type { History } from "@runledger/history";
import { sql } from "kysely";
import {
  type Coverage,
  type DayCounts,
  type Micros,
  type ScoringInput,
  pipelinesOf,
  runsNeeded,
} from "@runledger/sla";

/** What the history holds for an agreement's report of a week, but for the runs: there may be many. */
export interface AgreementHistory {
  /** By pipeline: finish of the last successful run before those that the scores look at. */
  latestSuccessBefore: ReadonlyMap<string, Micros | null>;
  /** By pipeline: finish of the first run of all. */
  firstRunAt: ReadonlyMap<string, Micros | null>;
  coverage: Omit<Coverage, "historyStart">;
  /** Rows that did not parse and were seen up to as-of, by pipeline. */
  quarantinedRows: ReadonlyMap<string, number>;
  taskNames: ReadonlyMap<string, string>;
}

export async function readHistory(
  { db }: History,
  { agreement, week, asOf }: Pick<ScoringInput, "agreement" | "week" | "asOf">,
): Promise<AgreementHistory> {
  const { from } = runsNeeded({ agreement, week, asOf });
  // The first run and the last success are one step in the index of finishes per pipeline, not a scan of its runs.
  const { rows } = await sql<PipelineRow>`
    select wanted.pipeline_uuid as uuid,
           p.synced_through as "syncedThrough",
           p.first_run_at is null
             and exists (select from runledger.coverage c where c.pipeline_uuid = wanted.pipeline_uuid)
             and not exists (select from runledger.coverage c
                             where c.pipeline_uuid = wanted.pipeline_uuid and state <> 'unverified') as "isNeverSeen",
           (select (extract(epoch from finished_at) * 1000000)::bigint from runledger.runs r
            where r.pipeline_uuid = wanted.pipeline_uuid and finished_at < ${from} and is_successful
            order by finished_at desc limit 1) as "latestSuccessBefore",
           (select (extract(epoch from finished_at) * 1000000)::bigint from runledger.runs r
            where r.pipeline_uuid = wanted.pipeline_uuid order by finished_at limit 1) as "firstRunAt",
           array(select day::text from runledger.coverage c
                 where c.pipeline_uuid = wanted.pipeline_uuid and state = 'disputed'
                 order by day) as "disputedDays",
           -- Only while the ledger's figures are those of the rows stored now: what is missing is the difference.
           (select json_object_agg(day, json_build_object(
                     'storedRuns', stored_runs, 'sourceRuns', source_runs,
                     'storedFailures', stored_failures, 'sourceFailures', source_failures,
                     'storedTaskRuns', stored_task_runs, 'sourceTaskRuns', source_task_runs,
                     'sourceTaskFailures', (
                       select coalesce(sum(num_of_failures), 0) from runledger.period_stats s
                       where s.pipeline_uuid = c.pipeline_uuid and subject_kind = 'task' and period = 'day'
                         and date_from = c.day::timestamp at time zone 'UTC')))
            from runledger.coverage c
            where c.pipeline_uuid = wanted.pipeline_uuid and state = 'disputed' and source_runs is not null
              and (stored_runs, stored_failures) = (
                select count(*), coalesce(sum(failed_task_count), 0) from runledger.runs r
                where r.pipeline_uuid = c.pipeline_uuid
                  and finished_at >= c.day::timestamp at time zone 'UTC'
                  and finished_at < (c.day + 1)::timestamp at time zone 'UTC')) as "countsOfDays",
           (select count(*) from runledger.quarantined_rows q
            where q.pipeline_uuid = wanted.pipeline_uuid and seen_at <= ${asOf}) as "quarantinedRows",
           (select json_object_agg(task_uuid, name) from runledger.tasks t
            where t.pipeline_uuid = wanted.pipeline_uuid and name is not null) as "taskNames"
    from unnest(${pipelinesOf(agreement)}::uuid[]) as wanted (pipeline_uuid)
    left join runledger.pipelines p using (pipeline_uuid)`.execute(db);
  const ofEach = <T>(value: (row: PipelineRow) => T) => new Map(rows.map((row) => [row.uuid, value(row)]));
  return {
    latestSuccessBefore: ofEach((row) => row.latestSuccessBefore),
    firstRunAt: ofEach((row) => row.firstRunAt),
    coverage: {
      // What is not known of a pipeline is not known up to any instant.
      syncedThrough: ofEach((row) => (row.isNeverSeen ? null : row.syncedThrough)),
      neverSeen: new Set(rows.filter((row) => row.isNeverSeen).map((row) => row.uuid)),
      disputedDays: ofEach((row) => row.disputedDays),
      countsOfDays: ofEach((row) => new Map(Object.entries(row.countsOfDays ?? {}))),
    },
    quarantinedRows: ofEach((row) => row.quarantinedRows),
    taskNames: new Map(rows.flatMap((row) => Object.entries(row.taskNames ?? {}))),
  };
}

interface PipelineRow {
  uuid: string;
  syncedThrough: Date | null;
  isNeverSeen: boolean;
  latestSuccessBefore: Micros | null;
  firstRunAt: Micros | null;
  disputedDays: string[];
  countsOfDays: Record<string, DayCounts> | null;
  quarantinedRows: number;
  taskNames: Record<string, string> | null;
}
