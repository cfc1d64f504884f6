import type { OutputState } from "@runledger/history";
import type { RunledgerConfig } from "@runledger/config";
import type { MicroInstant, TaskRun } from "@runledger/ylem-client";

/** A task run as the history keeps it: its output is there or not, as the configuration says. */
export interface StoredTaskRun {
  runUuid: string;
  taskUuid: string;
  executedAt: MicroInstant;
  durationMs: number;
  metricValue: number | null;
  isSuccessful: boolean;
  taskType: string;
  outputState: OutputState;
  output: Uint8Array | null;
  errorMessage: string | null;
}

export type KeptOutputs = RunledgerConfig["outputs"];

/** What of a task run is stored. */
export function toStored(taskRun: TaskRun, kept: KeptOutputs): StoredTaskRun {
  const { output, isSuccessful } = taskRun;
  const isDropped = output.state !== "empty" && (kept === "none" || (kept === "failures" && isSuccessful));
  return {
    runUuid: taskRun.runUuid,
    taskUuid: taskRun.taskUuid,
    executedAt: taskRun.executedAt,
    durationMs: taskRun.durationMs,
    metricValue: taskRun.metricValue,
    isSuccessful,
    taskType: taskRun.taskType,
    outputState: isDropped ? "dropped" : output.state,
    output: isDropped ? null : output.bytes,
    errorMessage: taskRun.errorMessage,
  };
}
