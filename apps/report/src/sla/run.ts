/** One run of a pipeline, as the history's `runs` has it. */
export interface Run {
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
  failedTaskCount: number;
  firstFailedTaskUuid: string | null;
  errorMessage: string | null;
}

export interface ExaminedRun {
  run: Run;
  /** The reason of the exclusion that the finish lies in; `null` when the run counts. */
  exclusion: string | null;
}

/** Runs that finish together are put in order by UUID, so that the same runs always make the same report. */
export function byFinish(a: Run, b: Run): number {
  const difference = a.finishedAt.getTime() - b.finishedAt.getTime();
  if (difference !== 0) return difference;
  return a.runUuid < b.runUuid ? -1 : 1;
}
