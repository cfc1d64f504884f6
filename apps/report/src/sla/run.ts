/** One run of a pipeline, as the history's `runs` has it. */
export interface Run extends RunFailure {
  runUuid: string;
  pipelineUuid: string;
  startedAt: Date;
  /**
   * The history keeps microseconds: they are cut off, never rounded, so that a run stays on its side of every
   * boundary.
   */
  finishedAt: Date;
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
