import { randomUUID } from "node:crypto";
import { empty, json, type Answer } from "./answer.ts";
import type { KnownTask } from "../source/source-history.ts";
import { parseDate, parseDateTime } from "./wire-time.ts";

/** What a started run is answered with: its UUID, its pending task runs, or 200 and nothing. */
export type RunAnswer = "uuid" | "task_runs" | "empty";

interface DialectRules {
  readonly runUuidKey: string;
  readonly runScope: string;
  /** Of aggregated statistics; anything else is answered 400. */
  readonly parseDateFrom: (text: string) => number | null;
  readonly dateFromFormat: string;
  readonly emptyLog: string;
  readonly runAnswer: RunAnswer;
  /** Whether a pipeline's successes are read into an unsigned number: see `unsigned-figures.ts`. */
  readonly isUnsigned: boolean;
}

const SERVER = {
  runUuidKey: "pipeline_run_uuid",
  runScope: "pipelines:run",
  parseDateFrom: parseDateTime,
  dateFromFormat: "YYYY-MM-DD HH:MM:SS",
  emptyLog: "null",
  runAnswer: "uuid",
  isUnsigned: false,
} as const satisfies DialectRules;

/**
 * Where the open-source server (`server`), the same as it reads its own counts where failures outnumber runs
 * (`unsigned`), and the published API reference (`reference`) differ.
 */
export const DIALECTS = {
  server: SERVER,
  unsigned: { ...SERVER, isUnsigned: true },
  reference: {
    runUuidKey: "workflow_run_uuid",
    runScope: "workflows:run",
    parseDateFrom: parseDate,
    dateFromFormat: "YYYY-MM-DD",
    emptyLog: "[]",
    runAnswer: "task_runs",
    isUnsigned: false,
  },
} as const satisfies Record<string, DialectRules>;

export type Dialect = keyof typeof DIALECTS;

export const RUN_ANSWERS = {
  uuid: (runUuid) => json({ pipeline_run_uuid: runUuid }),
  task_runs: (runUuid, tasks) => json(tasks.slice(0, 1).map((task, id) => pendingTaskRun(id, runUuid, task))),
  empty: () => empty(200),
} as const satisfies Record<RunAnswer, (runUuid: string, tasks: readonly KnownTask[]) => Answer>;

/** Only the first task is pending when a run starts; the others follow from it. */
function pendingTaskRun(id: number, runUuid: string, task: KnownTask) {
  return {
    id: id + 1,
    state: "pending",
    task_uuid: task.taskUuid,
    task_run_uuid: randomUUID(),
    workflow_run_uuid: runUuid,
    is_successful: false,
    output: null,
    errors: null,
    created_at: "",
    updated_at: "",
  };
}
