import { toMicros } from "./micro-instant.ts";
import type { StoredTaskRun } from "./stored-task-run.ts";

/** What of a task run the figures of its run are made from. */
export type RunPart = Pick<
  StoredTaskRun,
  "runUuid" | "taskUuid" | "executedAt" | "durationMs" | "isSuccessful" | "errorMessage"
>;

/** A pipeline run: a row of `runs`. Instants are microseconds since 1970. */
export interface Run {
  runUuid: string;
  startedAt: number;
  finishedAt: number;
  elapsedMs: number;
  taskDurationMs: number;
  firstFailedTaskUuid: string | null;
  taskCount: number;
  failedTaskCount: number;
  isSuccessful: boolean;
  errorMessage: string | null;
}

/**
 * The runs that the task runs make up: the one definition of a run's figures.
 *
 * @param parts of each run all of them, in the order of time, task and ordinal.
 */
export function runsOf(parts: readonly RunPart[]): Run[] {
  return [...Map.groupBy(parts, (part) => part.runUuid)].map(([runUuid, ofRun]) => toRun(runUuid, ofRun));
}

function toRun(runUuid: string, parts: readonly RunPart[]): Run {
  const ends = parts.map((part) => toMicros(part.executedAt));
  const starts = parts.map((part, index) => (ends[index] ?? 0) - part.durationMs * 1000);
  const startedAt = starts.reduce((one, other) => Math.min(one, other));
  const finishedAt = ends.reduce((one, other) => Math.max(one, other));
  const failed = parts.filter((part) => !part.isSuccessful);
  return {
    runUuid,
    startedAt,
    finishedAt,
    elapsedMs: (finishedAt - startedAt) / 1000,
    taskDurationMs: parts.reduce((sum, part) => sum + part.durationMs, 0),
    firstFailedTaskUuid: failed[0]?.taskUuid ?? null,
    taskCount: parts.length,
    failedTaskCount: failed.length,
    isSuccessful: failed.length === 0,
    errorMessage: failed[0]?.errorMessage ?? null,
  };
}
