import { type Call, checkedUuid } from "./call.ts";
import { ShapeError, isObject, toObject, toText, toUuid } from "./fields.ts";

/** A run that the server accepted. It runs later; the log tells how it went. */
export interface StartedRun {
  /** Null when the server did not name it. */
  runUuid: string | null;
  /** The tasks waiting to run, where the server lists them. */
  taskRuns: PendingTaskRun[];
}

export interface PendingTaskRun {
  taskUuid: string;
  taskRunUuid: string | null;
  state: string;
}

export function runPipelineCall(pipelineUuid: string): Call<StartedRun> {
  return {
    method: "POST",
    path: `/pipelines/${checkedUuid(pipelineUuid)}/runs/`,
    scope: "pipelines:run",
    isRepeatable: false,
    read: toStartedRun,
  };
}

/** The server names the run, the reference lists its tasks, and either may say nothing at all. */
function toStartedRun(json: unknown): StartedRun {
  if (json === null || json === undefined) return { runUuid: null, taskRuns: [] };
  if (isObject(json)) return { runUuid: toRunUuid(json), taskRuns: [] };
  if (!Array.isArray(json)) throw new ShapeError("the started run is neither an object nor an array");
  const rows = json.map((row) => toObject(row, "the pending task run"));
  const [first] = rows;
  return {
    runUuid: first === undefined ? null : toRunUuid(first),
    taskRuns: rows.map((row) => ({
      taskUuid: toUuid(row["task_uuid"], "task_uuid"),
      taskRunUuid: row["task_run_uuid"] == null ? null : toUuid(row["task_run_uuid"], "task_run_uuid"),
      state: toText(row["state"], "state"),
    })),
  };
}

function toRunUuid(row: Readonly<Record<string, unknown>>): string {
  return toUuid(row["pipeline_run_uuid"] ?? row["workflow_run_uuid"], "pipeline_run_uuid");
}
