import type { RunledgerConfig } from "@runledger/config";
import type { TaskRun } from "@runledger/ylem-client";

/** A task run as the history keeps it: its output is there or not, as the configuration says. */
export interface StoredTaskRun {
  runUuid: string;
  taskUuid: string;
  /** UTC with microseconds, fixed width: text order is time order. */
  executedAt: string;
  durationMs: number;
  metricValue: number | null;
  isSuccessful: boolean;
  taskType: string;
  outputState: "empty" | "plain" | "decrypted" | "opaque" | "dropped";
  output: Buffer | null;
  errorMessage: string | null;
}

export type KeptOutputs = RunledgerConfig["outputs"];

/** What of a task run is stored. */
export function toStored(taskRun: TaskRun, kept: KeptOutputs): StoredTaskRun {
  const { runUuid, taskUuid, executedAt, durationMs, metricValue, isSuccessful, taskType, errorMessage } =
    taskRun;
  const facts = {
    runUuid,
    taskUuid,
    executedAt,
    durationMs,
    metricValue,
    isSuccessful,
    taskType,
    errorMessage,
  };
  return { ...facts, ...storedOutput(taskRun, kept) };
}

function storedOutput(
  { output, isSuccessful }: TaskRun,
  kept: KeptOutputs,
): Pick<StoredTaskRun, "output" | "outputState"> {
  if (output.state === "empty") {
    return { outputState: "empty", output: null };
  }
  if (kept === "none" || (kept === "failures" && isSuccessful)) {
    return { outputState: "dropped", output: null };
  }
  const { buffer, byteOffset, byteLength } = output.bytes;
  return { outputState: output.state, output: Buffer.from(buffer, byteOffset, byteLength) };
}
