import { toRfc3339 } from "./wire-time.ts";
import { executedAt } from "../source/time-index.ts";
import type { TaskRunRow } from "../source/task-run-row.ts";

const ROWS_PER_PIECE = 1000;

/**
 * Writes rows as the API does. Rows never change, so the text of each is kept: a log that is asked for again
 * costs little more than joining it.
 */
export class RunLogWriter {
  readonly #runUuidKey: string;
  readonly #texts = new WeakMap<TaskRunRow, string>();

  constructor(runUuidKey: string) {
    this.#runUuidKey = runUuidKey;
  }

  /** The JSON array in pieces. There is at least one row. */
  write(rows: readonly TaskRunRow[]): string[] {
    const pieces: string[] = [];
    for (let start = 0; start < rows.length; start += ROWS_PER_PIECE) {
      const texts = rows.slice(start, start + ROWS_PER_PIECE).map((row) => this.#textOf(row));
      pieces.push(`${start === 0 ? "[" : ","}${texts.join(",")}`);
    }
    return [...pieces, "]"];
  }

  #textOf(row: TaskRunRow): string {
    const kept = this.#texts.get(row);
    if (kept !== undefined) {
      return kept;
    }
    const text = JSON.stringify({
      [this.#runUuidKey]: row.runUuid,
      task_uuid: row.taskUuid,
      task_type: row.taskType,
      is_successful: row.isSuccessful,
      duration: row.durationMs,
      output: row.output,
      metric_value: row.metricValue,
      executed_at: toRfc3339(executedAt(row)),
    });
    this.#texts.set(row, text);
    return text;
  }
}
