import type { HistoryTransaction } from "@runledger/history";
import { constantUuid, copyIn, type Column } from "./copy-in.ts";
import { toMicros } from "./micro-instant.ts";
import type { StoredTaskRun } from "./stored-task-run.ts";

/**
 * Stores task runs that are surely not stored yet.
 *
 * @param ordinals of the rows, by their index.
 */
export async function copyTaskRuns(
  transaction: HistoryTransaction,
  pipelineUuid: string,
  rows: readonly StoredTaskRun[],
  ordinals: readonly number[],
): Promise<void> {
  await copyIn(transaction, "runledger.task_runs", rows, [
    constantUuid("pipeline_uuid", pipelineUuid),
    { name: "ordinal", write: (copy, _row, index) => copy.int4(ordinals[index] ?? 0) },
    ...COLUMNS,
  ]);
}

const COLUMNS: readonly Column<StoredTaskRun>[] = [
  { name: "run_uuid", write: (copy, row) => copy.uuid(row.runUuid) },
  { name: "task_uuid", write: (copy, row) => copy.uuid(row.taskUuid) },
  { name: "executed_at", write: (copy, row) => copy.timestamptz(toMicros(row.executedAt)) },
  { name: "is_successful", write: (copy, row) => copy.boolean(row.isSuccessful) },
  { name: "duration_ms", write: (copy, row) => copy.int8(row.durationMs) },
  { name: "metric_value", write: (copy, row) => copy.float8(row.metricValue) },
  { name: "task_type", write: (copy, row) => copy.text(row.taskType) },
  { name: "output_state", write: (copy, row) => copy.text(row.outputState) },
  { name: "output", write: (copy, row) => copy.bytes(row.output) },
  { name: "error_message", write: (copy, row) => copy.text(row.errorMessage) },
];
