import type { TaskRunRow } from "./task-run-row.ts";

export type SubjectKind = "pipeline" | "task";

/** The three figures every statistic of the API has. */
export interface RunFigures {
  /** Of pipelines: runs less failed task rows, so −1 for a run with two of them. */
  readonly successes: number;
  readonly failures: number;
  /** Mean in milliseconds, truncated; 0 of nothing. */
  readonly averageDurationMs: number;
}

/**
 * The source's own arithmetic, odd as it is. A pipeline's failures are failed task rows but its successes start
 * from distinct runs, so that both always add up to the runs; its duration is the sum over a run. A task's
 * figures simply count rows.
 */
export function figuresOf(kind: SubjectKind, rows: readonly TaskRunRow[]): RunFigures {
  const total = kind === "pipeline" ? countRuns(rows) : rows.length;
  const failures = rows.filter((row) => !row.isSuccessful).length;
  const durationMs = rows.reduce((sum, row) => sum + row.durationMs, 0);
  return {
    successes: total - failures,
    failures,
    averageDurationMs: total === 0 ? 0 : Math.trunc(durationMs / total),
  };
}

function countRuns(rows: readonly TaskRunRow[]): number {
  return new Set(rows.map((row) => row.runUuid)).size;
}
