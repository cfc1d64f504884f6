import { ZERO_TIME, type Micros } from "./micros-bigint.ts";
import type { TaskRunRow } from "./task-run-row.ts";

/**
 * Rows in order of `executed_at`, found by binary search. Rows without a time stand first; equal times keep the
 * order in which they were added. Sorting is put off to the first question after an addition.
 */
export class TimeIndex {
  readonly #rows: TaskRunRow[] = [];
  #isSorted = true;

  add(row: TaskRunRow): void {
    const newest = this.#rows.at(-1);
    this.#isSorted &&= newest === undefined || executedAt(newest) <= executedAt(row);
    this.#rows.push(row);
  }

  /** All rows, oldest first. */
  all(): readonly TaskRunRow[] {
    if (!this.#isSorted) {
      this.#rows.sort(byExecutedAt);
      this.#isSorted = true;
    }
    return this.#rows;
  }

  /** Rows with `from <= executed_at <= to`, oldest first. */
  between(from: Micros, to: Micros): TaskRunRow[] {
    return this.all().slice(this.#firstAtOrAfter(from), this.#firstAtOrAfter(to + 1n));
  }

  /** The newest row with `executed_at <= to` that is wanted. */
  newestUntil(to: Micros, isWanted: (row: TaskRunRow) => boolean): TaskRunRow | null {
    const rows = this.all();
    for (let position = this.#firstAtOrAfter(to + 1n) - 1; position >= 0; position--) {
      const row = rows[position];
      if (row !== undefined && isWanted(row)) {
        return row;
      }
    }
    return null;
  }

  #firstAtOrAfter(instant: Micros): number {
    const rows = this.all();
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const row = rows[middle];
      if (row !== undefined && executedAt(row) < instant) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}

/** When the task ended, the zero time where it never got one: as the source compares and prints it. */
export function executedAt(row: TaskRunRow): Micros {
  return row.executedAtMicros ?? ZERO_TIME;
}

/** Oldest first. */
export function byExecutedAt(one: TaskRunRow, other: TaskRunRow): number {
  const difference = executedAt(one) - executedAt(other);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
