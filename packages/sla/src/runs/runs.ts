import { inMicros, type Interval } from "../calendar/interval.ts";
import type { Micros } from "../calendar/micros.ts";
import type { RunFailure } from "./run.ts";
import type { RunColumns, RunTable } from "./run-table.ts";
import { RunCursor, type RunView } from "./run-view.ts";
import { uuidBytes } from "./uuid-bytes.ts";

/**
 * The runs of one pipeline in order of finish, those that finish together by UUID, so that the same runs always make
 * the same report. They are gone through like a list, `for (const run of runs)`, but `run` is valid in its step of the
 * loop only: see `RunView`. Behind it 44 bytes a run, and nothing for the collector to follow.
 */
export class Runs implements Iterable<RunView> {
  readonly length: number;
  readonly #table: RunTable;
  /** Which of the table's: `[from, to)`. */
  readonly #from: number;
  readonly #to: number;

  private constructor(table: RunTable, from: number, to: number) {
    this.length = to - from;
    this.#table = table;
    this.#from = from;
    this.#to = to;
  }

  static of(pipelineUuid: string, columns: RunColumns, failures: readonly RunFailure[]): Runs {
    const { length } = columns.finishedAt;
    const exclusionOf = new Uint32Array(length);
    return new Runs({ ...columns, pipelineUuid, failures, exclusionOf, reasons: [] }, 0, length);
  }

  get pipelineUuid(): string {
    return this.#table.pipelineUuid;
  }

  [Symbol.iterator](): Iterator<RunView, undefined> {
    return new RunCursor(this.#table, this.#from, this.#to);
  }

  /** Those that finished in a time, out of the same memory. */
  between({ start, end }: Interval<Micros>): Runs {
    const from = this.#firstFrom(start);
    return new Runs(this.#table, from, Math.max(this.#firstFrom(end), from));
  }

  before(end: Micros): Runs {
    return new Runs(this.#table, this.#from, this.#firstFrom(end));
  }

  countSuccessful(): number {
    const { failureOf } = this.#table;
    let successful = 0;
    for (let index = this.#from; index < this.#to; index += 1) {
      if (failureOf[index] === 0) successful += 1;
    }
    return successful;
  }

  /** Finish of the last successful one before `instant`; `null` where none is. */
  latestSuccessBefore(instant: Micros): Micros | null {
    const { finishedAt, failureOf } = this.#table;
    let index = this.#firstFrom(instant) - 1;
    while (index >= this.#from && failureOf[index] !== 0) index -= 1;
    return index < this.#from ? null : (finishedAt[index] ?? null);
  }

  /** The same, but that those which finished in one of the exclusions, which do not overlap, are not counted. */
  excluding(exclusions: readonly (Interval & { reason: string })[]): Runs {
    const exclusionOf = new Uint32Array(this.#table.finishedAt.length);
    for (const [index, excluded] of exclusions.entries()) {
      const { start, end } = inMicros(excluded);
      exclusionOf.fill(index + 1, this.#firstFrom(start), this.#firstFrom(end));
    }
    const reasons = exclusions.map(({ reason }) => reason);
    return new Runs({ ...this.#table, exclusionOf, reasons }, this.#from, this.#to);
  }

  /** The same: where these are not all, in memory of their own, so that the rest can be let go. */
  detached(): Runs {
    const { uuids, finishedAt, elapsedMs, taskCounts, failureOf, exclusionOf } = this.#table;
    if (this.length === finishedAt.length) return this;
    const [from, to] = [this.#from, this.#to];
    const table = {
      ...this.#table,
      uuids: uuids.slice(from * uuidBytes, to * uuidBytes),
      finishedAt: finishedAt.slice(from, to),
      elapsedMs: elapsedMs.slice(from, to),
      taskCounts: taskCounts.slice(from, to),
      failureOf: failureOf.slice(from, to),
      exclusionOf: exclusionOf.slice(from, to),
    };
    return new Runs(table, 0, this.length);
  }

  /** What decides the figures of weeks whose runs are not printed: when they finished, how long they took, how they went. */
  *outcomes(): Generator<Uint8Array> {
    const { finishedAt, elapsedMs, failureOf } = this.#table;
    const [from, to] = [this.#from, this.#to];
    yield bytesOf(finishedAt.subarray(from, to));
    yield bytesOf(elapsedMs.subarray(from, to));
    yield bytePerRun(failureOf.subarray(from, to), { ofZero: 0 });
  }

  /** Which of them count: a byte a run. An exclusion's number would tell more than is printed. */
  counted(): Uint8Array {
    const { exclusionOf } = this.#table;
    return bytePerRun(exclusionOf.subarray(this.#from, this.#to), { ofZero: 1 });
  }

  /**
   * All that is known of them, in pieces, to be hashed. The hash is stored with a report: made up of anything else it
   * would make a new revision of every week that is reported again.
   */
  *content(): Generator<Uint8Array | string> {
    const { uuids, finishedAt, elapsedMs, taskCounts } = this.#table;
    const [from, to] = [this.#from, this.#to];
    yield uuids.subarray(from * uuidBytes, to * uuidBytes);
    for (const column of [finishedAt, elapsedMs, taskCounts]) yield bytesOf(column.subarray(from, to));
    const failures: unknown[] = [];
    let place = 0;
    for (const run of this) {
      const failure = run.failure();
      if (failure !== null) {
        failures.push(place, failure.failedTaskCount, failure.firstFailedTaskUuid, failure.errorMessage);
      }
      place += 1;
    }
    yield JSON.stringify(failures);
  }

  /** The place of the first that finished at `instant` or later; the end where none did. */
  #firstFrom(instant: Micros): number {
    const { finishedAt } = this.#table;
    let low = this.#from;
    let high = this.#to;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((finishedAt[middle] ?? Number.NaN) >= instant) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array | Uint32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** 0 or 1, by whether the column has 0. A loop: `Uint8Array.from` takes many times as long. */
function bytePerRun(column: Uint32Array, { ofZero }: { ofZero: 0 | 1 }): Uint8Array {
  const bytes = new Uint8Array(column.length);
  for (let index = 0; index < bytes.length; index += 1) {
    bytes[index] = column[index] === 0 ? ofZero : 1 - ofZero;
  }
  return bytes;
}
