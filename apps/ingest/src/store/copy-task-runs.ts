import { pipeline as connect } from "node:stream/promises";
import { Readable } from "node:stream";
import type { HistoryTransaction } from "@runledger/history";
import { from as copyFrom } from "pg-copy-streams";
import type { StoredTaskRun } from "./stored-task-run.ts";

const COLUMNS = `pipeline_uuid, run_uuid, task_uuid, executed_at, ordinal, is_successful, duration_ms, metric_value,
  task_type, output_state, output, error_message`;

/** Rows are sent in pieces of about this many, so that a piece is neither a syscall a row nor a copy of all. */
const ROWS_PER_CHUNK = 500;

/** Writes task runs, each with ordinal 0, to `table` with COPY, the quickest way into Postgres. */
export async function copyTaskRuns(
  { client }: HistoryTransaction,
  table: string,
  pipelineUuid: string,
  rows: readonly StoredTaskRun[],
): Promise<void> {
  const target = client.query(copyFrom(`copy ${table} (${COLUMNS}) from stdin`));
  await connect(Readable.from(chunks(pipelineUuid, rows)), target);
}

function* chunks(pipelineUuid: string, rows: readonly StoredTaskRun[]): Generator<Buffer> {
  for (let start = 0; start < rows.length; start += ROWS_PER_CHUNK) {
    const lines = rows.slice(start, start + ROWS_PER_CHUNK).map((row) => toLine(pipelineUuid, row));
    yield Buffer.from(lines.join(""));
  }
}

/** A line of COPY's text format: tabs between columns, `\N` for null. */
function toLine(pipelineUuid: string, row: StoredTaskRun): string {
  const { metricValue, output, errorMessage } = row;
  return (
    `${pipelineUuid}\t${row.runUuid}\t${row.taskUuid}\t${row.executedAt}\t0\t${row.isSuccessful ? "t" : "f"}\t` +
    `${row.durationMs}\t${metricValue ?? "\\N"}\t${escape(row.taskType)}\t${row.outputState}\t` +
    `${output === null ? "\\N" : `\\\\x${output.toString("hex")}`}\t` +
    `${errorMessage === null ? "\\N" : escape(errorMessage)}\n`
  );
}

const SPECIAL = /[\\\t\n\r]/gu;
const ESCAPES: Record<string, string> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

function escape(text: string): string {
  return text.replaceAll(SPECIAL, (character) => ESCAPES[character] ?? character);
}
