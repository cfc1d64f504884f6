import type { RunLog } from "@runledger/ylem-client";
import { sql } from "kysely";
import { asHolder, type Held } from "./pipeline-leases.ts";
import { deriveRuns } from "./derive-runs.ts";
import { quarantine } from "./quarantine.ts";
import { storeTaskRuns } from "./store-task-runs.ts";
import { toStored, type KeptOutputs, type StoredTaskRun } from "./stored-task-run.ts";

export interface StoredLog {
  rowsNew: number;
  rowsQuarantined: number;
}

/**
 * Stores one answer of the run log and moves the pipeline's watermark to `through`, in one transaction: after a
 * crash either both are there or neither. With null the watermark stays; it never moves back.
 */
export async function storeRunLog(
  held: Held,
  log: RunLog,
  { through, outputs, now }: { through: Date | null; outputs: KeptOutputs; now: Date },
): Promise<StoredLog> {
  const rows = log.taskRuns.map((taskRun) => toStored(taskRun, outputs));
  const { pipelineUuid } = held;
  return asHolder(held, async (transaction) => {
    // Not to wait for the disk: a crash of the server can undo the last windows, but each with its watermark, and
    // the commit that notes the command's end waits for all before it.
    await transaction.client.query("set local synchronous_commit = off");
    const rowsQuarantined = await quarantine(transaction, pipelineUuid, log.rejected, now);
    const changes = await storeRows(transaction, pipelineUuid, rows);
    await transaction.db
      .updateTable("pipelines")
      .set({
        // least and greatest pass over nulls.
        first_run_at: sql`least(first_run_at, ${changes.firstRunAt})`,
        last_run_at: sql`greatest(last_run_at, ${changes.lastRunAt})`,
        stats_stale_from: sql`least(stats_stale_from, ${changes.newFrom})`,
        synced_through: sql`greatest(synced_through, ${through})`,
      })
      .where("pipeline_uuid", "=", pipelineUuid)
      .execute();
    return { rowsNew: changes.newRows, rowsQuarantined };
  });
}

async function storeRows(
  transaction: Parameters<typeof storeTaskRuns>[0],
  pipelineUuid: string,
  rows: readonly StoredTaskRun[],
) {
  if (rows.length === 0) {
    return { newRows: 0, newFrom: null, firstRunAt: null, lastRunAt: null };
  }
  const stored = await storeTaskRuns(transaction, pipelineUuid, rows);
  await noteTasks(transaction, pipelineUuid, rows);
  const { firstRunAt, lastRunAt } = await deriveRuns(transaction, pipelineUuid, stored);
  return { newRows: stored.newRows, newFrom: stored.newFrom, firstRunAt, lastRunAt };
}

/** Tasks are discovered: the API has no list of them. */
async function noteTasks(
  { client }: Parameters<typeof storeTaskRuns>[0],
  pipelineUuid: string,
  rows: readonly StoredTaskRun[],
): Promise<void> {
  const tasks = new Map<string, { task_type: string; first_seen_at: string; last_seen_at: string }>();
  for (const { taskUuid, taskType, executedAt } of rows) {
    const seen = tasks.get(taskUuid);
    if (!seen) {
      tasks.set(taskUuid, { task_type: taskType, first_seen_at: executedAt, last_seen_at: executedAt });
      continue;
    }
    if (executedAt < seen.first_seen_at) {
      seen.first_seen_at = executedAt;
    }
    if (executedAt > seen.last_seen_at) {
      seen.last_seen_at = executedAt;
      seen.task_type = taskType;
    }
  }
  const all = [...tasks];
  // Columns as arrays: a statement may have 65,535 parameters.
  await client.query(
    `insert into runledger.tasks as known (pipeline_uuid, task_uuid, task_type, first_seen_at, last_seen_at)
     select $1, * from unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::timestamptz[])
     on conflict (pipeline_uuid, task_uuid) do update set
       task_type = case when excluded.last_seen_at >= coalesce(known.last_seen_at, '-infinity')
                        then excluded.task_type else known.task_type end,
       first_seen_at = least(known.first_seen_at, excluded.first_seen_at),
       last_seen_at = greatest(known.last_seen_at, excluded.last_seen_at)`,
    [
      pipelineUuid,
      all.map(([uuid]) => uuid),
      all.map(([, seen]) => seen.task_type),
      all.map(([, seen]) => seen.first_seen_at),
      all.map(([, seen]) => seen.last_seen_at),
    ],
  );
}
