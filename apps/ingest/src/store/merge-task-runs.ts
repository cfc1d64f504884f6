import type { HistoryTransaction } from "@runledger/history";
import type { StoredTaskRun } from "./stored-task-run.ts";

/** A row that the merge wrote. */
export interface MergedRow {
  runUuid: string;
  executedAt: string;
  /** False: a stored row was changed. */
  isNew: boolean;
}

/**
 * Unites the incoming rows with the stored ones of the same identities, as multisets: of rows alike in all facts
 * there are afterwards as many as the fuller side had. Ordinals follow from the rows themselves, so they do not
 * depend on the order of arrival. Returns the rows that were written; one that is stored as it came is not.
 *
 * @param ordered by `executedAt`.
 */
export async function mergeTaskRuns(
  { client }: HistoryTransaction,
  pipelineUuid: string,
  ordered: readonly StoredTaskRun[],
): Promise<MergedRow[]> {
  const { rows } = await client.query<MergedRow>(MERGE, [
    pipelineUuid,
    ordered.at(0)?.executedAt,
    ordered.at(-1)?.executedAt,
    ...PARAMETERS.map((field) => ordered.map((row) => row[field])),
  ]);
  return rows;
}

/** $4 and on, as arrays. */
const PARAMETERS = [
  "runUuid",
  "taskUuid",
  "executedAt",
  "isSuccessful",
  "durationMs",
  "metricValue",
  "taskType",
  "outputState",
  "output",
  "errorMessage",
] as const satisfies readonly (keyof StoredTaskRun)[];

const IDENTITY = "run_uuid, task_uuid, executed_at";
/** What the source says of a row; outputs are kept or not as configured, so they are no part of it. */
const FACTS = "is_successful, duration_ms, metric_value, task_type";
const KEPT = "output_state, output, error_message";
/** Text by its bytes, so that ordinals are the same whatever the database's collation. */
const IN_ORDER = 'is_successful, duration_ms, metric_value, task_type collate "C"';

const MERGE = `
  with
    incoming as (
      select *, row_number() over (partition by ${IDENTITY}, ${FACTS} order by output) as copy
      from unnest($4::uuid[], $5::uuid[], $6::timestamptz[], $7::boolean[], $8::bigint[], $9::double precision[],
                  $10::text[], $11::text[], $12::bytea[], $13::text[]) as i (${IDENTITY}, ${FACTS}, ${KEPT})
    ),
    stored as (
      select ${IDENTITY}, ${FACTS}, ${KEPT},
             row_number() over (partition by ${IDENTITY}, ${FACTS} order by output, ordinal) as copy
      from runledger.task_runs
      -- The time is redundant; it keeps the search within a stretch of the key, whatever the planner knows.
      where pipeline_uuid = $1 and executed_at between $2 and $3
        and (${IDENTITY}) in (select ${IDENTITY} from incoming)
    ),
    -- Where both sides have a copy the incoming one counts, unless its output was dropped and a stored one is kept.
    united as (
      select distinct on (${IDENTITY}, ${FACTS}, copy) *
      from (select 1 as side, * from incoming union all select 2, * from stored) both_sides
      order by ${IDENTITY}, ${FACTS}, copy, output_state = 'dropped', side
    )
  insert into runledger.task_runs as t (pipeline_uuid, ${IDENTITY}, ${FACTS}, ${KEPT}, ordinal)
  select $1, ${IDENTITY}, ${FACTS}, ${KEPT},
         row_number() over (partition by ${IDENTITY} order by ${IN_ORDER}, copy) - 1
  from united
  on conflict on constraint task_runs_pkey do update
    set (${FACTS}, ${KEPT}) = (${prefixed("excluded", FACTS)}, ${prefixed("excluded", KEPT)})
    where (${prefixed("t", FACTS)}, ${prefixed("t", KEPT)})
      is distinct from (${prefixed("excluded", FACTS)}, ${prefixed("excluded", KEPT)})
  -- A row that this statement inserted has no earlier version to have been locked: xmax is 0.
  returning
    run_uuid as "runUuid",
    to_char(executed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "executedAt",
    xmax = 0 as "isNew"`;

function prefixed(table: string, columns: string): string {
  return columns
    .split(", ")
    .map((column) => `${table}.${column}`)
    .join(", ");
}
