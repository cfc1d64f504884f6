import { setImmediate as nextTurn } from "node:timers/promises";

import { type Call, statsPath } from "./call.ts";
import {
  type Json,
  ShapeError,
  isObject,
  toArray,
  toBoolean,
  toFiniteNumber,
  toNatural,
  toObject,
  toText,
  toUuid,
} from "./fields.ts";
import { type MicroInstant, isZeroTime, toMicroInstant } from "./micro-instant-text.ts";
import { type Decrypt, type Output, openOutput } from "./output.ts";
import { type Window, windowPath } from "./window.ts";

/** One row of the log: one task's part in one pipeline run. */
export interface TaskRun {
  /** Shared by the task runs of one pipeline run. UUIDs are in lower case. */
  runUuid: string;
  taskUuid: string;
  taskType: string;
  isSuccessful: boolean;
  /** Whole milliseconds; at most 200 years. */
  durationMs: number;
  metricValue: number | null;
  /** When the task ended, in the years 1900 to 2249; it started `durationMs` earlier. */
  executedAt: MicroInstant;
  output: Output;
  /** Of a failed task whose output is a list of `{code, severity, message}`: the first message, NUL as U+FFFD. */
  errorMessage: string | null;
}

/** A row that does not read as a task run. */
export interface RejectedRow {
  /** The JSON value as it came. */
  row: unknown;
  reason: string;
}

export interface RunLog {
  /** In the order they came. Every row of every run that has a row in the window, so also rows outside it. */
  taskRuns: TaskRun[];
  rejected: RejectedRow[];
  /** Size of the answer's body, after decompression. */
  bytes: number;
}

export interface LogRows {
  rows: unknown[];
  bytes: number;
}

export function runLogCall(pipelineUuid: string, window: Window): Call<LogRows> {
  return {
    method: "GET",
    path: `${statsPath("pipeline", pipelineUuid)}/logs/${windowPath(window)}`,
    scope: "stats:read",
    isRepeatable: true,
    read: (json, bytes) => ({ rows: toArray(json ?? [], "the log"), bytes }),
  };
}

/**
 * Reads the rows of a log. A row that does not read stands beside the others with its reason. Others have their turn
 * in between, such as the connection on which the window before is being stored.
 */
export async function toRunLog({ rows, bytes }: LogRows, decrypt: Decrypt | null): Promise<RunLog> {
  const log: RunLog = { taskRuns: [], rejected: [], bytes };
  for (const [index, row] of rows.entries()) {
    if (index % ROWS_AT_A_TIME === ROWS_AT_A_TIME - 1) await nextTurn();
    try {
      const json = toObject(row, "the row");
      const opened = openOutput(toText(json["output"] ?? "", "output"), decrypt);
      log.taskRuns.push(toTaskRun(json, opened instanceof Promise ? await opened : opened));
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
      log.rejected.push({ row, reason: error.message });
    }
  }
  return log;
}

/** About two milliseconds' work. */
const ROWS_AT_A_TIME = 250;

function toTaskRun(row: Json, output: Output): TaskRun {
  const isSuccessful = toBoolean(row["is_successful"], "is_successful");
  const executedAt = toExecutedAt(row["executed_at"]);
  const metric = row["metric_value"] ?? null;
  return {
    runUuid: toUuid(row["pipeline_run_uuid"] ?? row["workflow_run_uuid"], "pipeline_run_uuid"),
    taskUuid: toUuid(row["task_uuid"], "task_uuid"),
    taskType: toTaskType(row["task_type"]),
    isSuccessful,
    durationMs: toDuration(row["duration"]),
    metricValue: metric === null ? null : toFiniteNumber(metric, "metric_value"),
    executedAt,
    output,
    errorMessage: isSuccessful ? null : firstMessage(output),
  };
}

function toTaskType(value: unknown): string {
  const taskType = toText(value, "task_type");
  if (taskType.includes("\0")) throw new ShapeError("task_type contains a NUL character");
  return taskType;
}

function toExecutedAt(value: unknown): MicroInstant {
  const executedAt = toMicroInstant(toText(value, "executed_at"));
  if (executedAt === undefined) throw new ShapeError("executed_at is not an RFC 3339 time");
  if (isZeroTime(executedAt)) throw new ShapeError("executed_at is the zero time: the task never got one");
  if (executedAt >= "1900" && executedAt < "2250") return executedAt;
  throw new ShapeError("executed_at is before 1900 or after 2249");
}

function toDuration(value: unknown): number {
  const durationMs = toNatural(value, "duration");
  if (durationMs <= LONGEST_MS) return durationMs;
  throw new ShapeError("duration is longer than 200 years");
}

/** With the bounds of `executed_at`: then every start and end is a whole number of microseconds below 2^53. */
const LONGEST_MS = 200 * 365 * 86_400_000;

function firstMessage(output: Output): string | null {
  if (output.state !== "plain" && output.state !== "decrypted") return null;
  const first = parsedArray(output.bytes)[0];
  return isObject(first) && typeof first["message"] === "string"
    ? first["message"].replaceAll("\0", "\uFFFD")
    : null;
}

function parsedArray(bytes: Uint8Array): unknown[] {
  try {
    const json: unknown = JSON.parse(Buffer.from(bytes).toString());
    return Array.isArray(json) ? json : [];
  } catch {
    return [];
  }
}
