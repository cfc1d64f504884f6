import type { HistoryTransaction } from "@runledger/history";
import { constantUuid, copyIn, type Column } from "./copy-in.ts";
import { toMicroInstant } from "./micro-instant.ts";
import { runsOf, type Run, type RunPart } from "./row-ranges.ts";
import type { StoreResult } from "./store-task-runs.ts";

export interface DerivedRuns {
  /** Start of the earliest and finish of the latest run that is new or changed; null when none is. */
  firstRunAt: string | null;
  lastRunAt: string | null;
}

/**
 * Brings `runs` in line with the task runs that were stored. A run that had none before is made from what was
 * stored now, without reading it back; any other from all of its rows.
 */
export async function deriveRuns(
  transaction: HistoryTransaction,
  pipelineUuid: string,
  { changedRuns, added }: Pick<StoreResult, "changedRuns" | "added">,
): Promise<DerivedRuns> {
  const touched = new Set([...changedRuns, ...added.map((row) => row.runUuid)]);
  const known = await deleteRuns(transaction, pipelineUuid, [...touched]);
  const toRead = new Set([...changedRuns, ...known]);
  const runs = runsOf([
    ...(await readParts(transaction, pipelineUuid, [...toRead])),
    ...added.filter((row) => !toRead.has(row.runUuid)),
  ]);
  await copyIn(transaction, "runledger.runs", runs, [
    constantUuid("pipeline_uuid", pipelineUuid),
    ...COLUMNS,
  ]);
  return {
    firstRunAt: toInstant(runs.reduce((first, { startedAt }) => Math.min(first, startedAt), Infinity)),
    lastRunAt: toInstant(runs.reduce((last, { finishedAt }) => Math.max(last, finishedAt), -Infinity)),
  };
}

const COLUMNS: readonly Column<Run>[] = [
  { name: "run_uuid", write: (copy, run) => copy.uuid(run.runUuid) },
  { name: "started_at", write: (copy, run) => copy.timestamptz(run.startedAt) },
  { name: "finished_at", write: (copy, run) => copy.timestamptz(run.finishedAt) },
  { name: "elapsed_ms", write: (copy, run) => copy.float8(run.elapsedMs) },
  { name: "task_duration_ms", write: (copy, run) => copy.int8(run.taskDurationMs) },
  { name: "first_failed_task_uuid", write: (copy, run) => copy.uuid(run.firstFailedTaskUuid) },
  { name: "task_count", write: (copy, run) => copy.int4(run.taskCount) },
  { name: "failed_task_count", write: (copy, run) => copy.int4(run.failedTaskCount) },
  { name: "is_successful", write: (copy, run) => copy.boolean(run.isSuccessful) },
  { name: "error_message", write: (copy, run) => copy.text(run.errorMessage) },
];

/**
 * Deletes the runs' rows, where they have one, to be made anew. Returns the runs that had. Looks each run up by
 * itself, whatever the planner knows: without statistics it would read all of the pipeline's runs.
 */
async function deleteRuns(
  { client }: HistoryTransaction,
  pipelineUuid: string,
  runUuids: readonly string[],
): Promise<string[]> {
  const { rows } = await client.query<{ runUuid: string }>(
    `delete from runledger.runs
     where ctid = any (array(
       select known.ctid
       from unnest($2::uuid[]) as touched (run_uuid)
       cross join lateral (
         select r.ctid from runledger.runs r
         where r.pipeline_uuid = $1 and r.run_uuid = touched.run_uuid
         limit 1
       ) known
     ))
     returning run_uuid as "runUuid"`,
    [pipelineUuid, runUuids],
  );
  return rows.map((row) => row.runUuid);
}

async function readParts(
  { client }: HistoryTransaction,
  pipelineUuid: string,
  runUuids: readonly string[],
): Promise<RunPart[]> {
  if (runUuids.length === 0) {
    return [];
  }
  const { rows } = await client.query<RunPart>(
    `select
       run_uuid as "runUuid", task_uuid as "taskUuid", duration_ms as "durationMs",
       to_char(executed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "executedAt",
       is_successful as "isSuccessful", error_message as "errorMessage"
     from runledger.task_runs
     -- "is true" keeps the condition from the primary key, in which it matches all of the pipeline's history: a
     -- planner that has no statistics yet would read that rather than look the runs up.
     where run_uuid = any($2::uuid[]) and (pipeline_uuid = $1) is true
     order by executed_at, task_uuid, ordinal`,
    [pipelineUuid, runUuids],
  );
  return rows;
}

function toInstant(micros: number): string | null {
  return Number.isFinite(micros) ? toMicroInstant(micros) : null;
}
