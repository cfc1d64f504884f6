import type { HistoryTransaction } from "@runledger/history";
import { copyTaskRuns } from "./copy-task-runs.ts";
import { mergeTaskRuns } from "./merge-task-runs.ts";
import { inKeyOrder, ordinalsOf } from "./ordinals.ts";
import type { StoredTaskRun } from "./stored-task-run.ts";

export interface StoreResult {
  /** Rows that were not stored before. */
  newRows: number;
  /** Rows that went in beside no stored ones, in the order of the table's key. */
  added: StoredTaskRun[];
  /** Runs with rows that were merged with stored ones, where that changed something. */
  changedRuns: string[];
  /** Earliest `executed_at` of new rows; null when there are none. */
  newFrom: string | null;
}

/**
 * Stores the rows of one answer of the run log, of which there is at least one. What is stored already stays as
 * it is, whatever was pulled before and in whatever order: pulling twice changes nothing.
 *
 * Rows later than all that is stored of the answer's time can have no stored twin and go straight into the table,
 * in the order of its key. The rest is merged.
 */
export async function storeTaskRuns(
  transaction: HistoryTransaction,
  pipelineUuid: string,
  rows: readonly StoredTaskRun[],
): Promise<StoreResult> {
  const ordered = inKeyOrder(rows);
  const latest = await latestStored(transaction, pipelineUuid, ordered);
  const firstNew = ordered.findIndex((row) => row.executedAt > latest);
  const [others, surelyNew] =
    firstNew === -1 ? [ordered, []] : [ordered.slice(0, firstNew), ordered.slice(firstNew)];

  const merged = others.length > 0 ? await mergeTaskRuns(transaction, pipelineUuid, others) : [];
  if (surelyNew.length > 0) {
    await copyTaskRuns(transaction, pipelineUuid, surelyNew, ordinalsOf(surelyNew));
  }
  const inserted = merged
    .filter((row) => row.isNew)
    .map((row) => row.executedAt)
    .toSorted();
  return {
    newRows: inserted.length + surelyNew.length,
    added: surelyNew,
    changedRuns: [...new Set(merged.map((row) => row.runUuid))],
    newFrom: inserted.at(0) ?? surelyNew.at(0)?.executedAt ?? null,
  };
}

/** The latest `executed_at` that is stored in the time that the rows span; empty when there is none. */
async function latestStored(
  { client }: HistoryTransaction,
  pipelineUuid: string,
  ordered: readonly StoredTaskRun[],
): Promise<string> {
  const { rows } = await client.query<{ latest: string | null }>(
    `select to_char(max(executed_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as latest
     from runledger.task_runs
     where pipeline_uuid = $1 and executed_at between $2 and $3`,
    [pipelineUuid, ordered.at(0)?.executedAt, ordered.at(-1)?.executedAt],
  );
  return rows[0]?.latest ?? "";
}
