import type { StoredTaskRun } from "./stored-task-run.ts";

/**
 * The rows in the order of the table's key. `for_each` tasks emit rows that share run, task and time; they stand in
 * an order that follows from what the rows say, never from the order in which they came. The merge has the same.
 */
export function inKeyOrder(rows: readonly StoredTaskRun[]): StoredTaskRun[] {
  return rows.toSorted((a, b) => compareIdentity(a, b) || compareFacts(a, b));
}

/** 0, 1, 2 … for rows of one identity, which stand side by side. */
export function ordinalsOf(ordered: readonly StoredTaskRun[]): number[] {
  let ordinal = 0;
  return ordered.map((row, index) => {
    const previous = ordered[index - 1];
    ordinal = previous !== undefined && compareIdentity(previous, row) === 0 ? ordinal + 1 : 0;
    return ordinal;
  });
}

function compareIdentity(a: StoredTaskRun, b: StoredTaskRun): number {
  return (
    compare(a.executedAt, b.executedAt) || compare(a.runUuid, b.runUuid) || compare(a.taskUuid, b.taskUuid)
  );
}

/** As Postgres orders them: false before true, null last, text and bytes by their bytes. */
function compareFacts(a: StoredTaskRun, b: StoredTaskRun): number {
  return (
    compare(Number(a.isSuccessful), Number(b.isSuccessful)) ||
    compare(a.durationMs, b.durationMs) ||
    compare(a.metricValue ?? Infinity, b.metricValue ?? Infinity) ||
    Buffer.compare(Buffer.from(a.taskType), Buffer.from(b.taskType)) ||
    compareOutputs(a.output, b.output)
  );
}

function compareOutputs(a: Uint8Array | null, b: Uint8Array | null): number {
  if (a === null || b === null) {
    return compare(Number(a === null), Number(b === null));
  }
  return Buffer.compare(a, b);
}

function compare<T extends string | number>(a: T, b: T): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}
