import type { Micros } from "../calendar/micros.ts";

/** One run of a pipeline, as the history's `runs` has it. */
export interface Run extends RunFailure {
  runUuid: string;
  pipelineUuid: string;
  startedAt: Micros;
  finishedAt: Micros;
  /** From first start to last finish, in milliseconds; compared as it is, so it may hold a fraction. */
  elapsedMs: number;
  isSuccessful: boolean;
  taskCount: number;
}

/** What is known of why a run failed; 0 and `null` of one that did not. */
export interface RunFailure {
  failedTaskCount: number;
  firstFailedTaskUuid: string | null;
  errorMessage: string | null;
}
