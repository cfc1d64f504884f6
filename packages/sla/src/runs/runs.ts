import type { Micros } from "../calendar/micros.ts";
import type { Run, RunFailure } from "./run.ts";
import { toUuid, uuidBytes } from "./uuid-bytes.ts";

/** What runs are made of, a column each, in one order. */
export interface RunColumns {
  /** 16 bytes a run. */
  uuids: Uint8Array;
  finishedAt: Float64Array;
  elapsedMs: Float64Array;
  taskCounts: Uint32Array;
  /** 0 of a successful run, of a failed one its place among the failures, counted from 1. */
  failureOf: Uint32Array;
}

/**
 * The runs of one pipeline in order of finish, those that finish together by UUID, so that the same runs always make
 * the same report. 40 bytes a run, and nothing for the collector to follow. Runs are named by their index.
 */
export class Runs {
  readonly pipelineUuid: string;
  readonly length: number;
  readonly #columns: RunColumns;
  readonly #failures: readonly RunFailure[];

  constructor(pipelineUuid: string, columns: RunColumns, failures: readonly RunFailure[]) {
    this.pipelineUuid = pipelineUuid;
    this.length = columns.finishedAt.length;
    this.#columns = columns;
    this.#failures = failures;
  }

  finishedAt(index: number): Micros {
    return this.#columns.finishedAt[index] ?? Number.NaN;
  }

  elapsedMs(index: number): number {
    return this.#columns.elapsedMs[index] ?? Number.NaN;
  }

  isSuccessful(index: number): boolean {
    return this.#columns.failureOf[index] === 0;
  }

  /** `null` of a successful run. */
  failure(index: number): RunFailure | null {
    const place = this.#columns.failureOf[index] ?? 0;
    return place === 0 ? null : (this.#failures[place - 1] ?? null);
  }

  at(index: number): Run {
    const { uuids, taskCounts } = this.#columns;
    const failure = this.failure(index);
    const finishedAt = this.finishedAt(index);
    const elapsedMs = this.elapsedMs(index);
    return {
      runUuid: toUuid(uuids, index * uuidBytes),
      pipelineUuid: this.pipelineUuid,
      startedAt: finishedAt - Math.round(elapsedMs * 1000),
      finishedAt,
      elapsedMs,
      isSuccessful: failure === null,
      taskCount: taskCounts[index] ?? 0,
      failedTaskCount: failure?.failedTaskCount ?? 0,
      firstFailedTaskUuid: failure?.firstFailedTaskUuid ?? null,
      errorMessage: failure?.errorMessage ?? null,
    };
  }

  /** The first that finished at `instant` or later; `length` where none did. */
  firstFrom(instant: Micros): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.finishedAt(middle) >= instant) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Finish of the last successful one before `instant`; `null` where none is. */
  latestSuccessBefore(instant: Micros): Micros | null {
    let index = this.firstFrom(instant) - 1;
    while (index >= 0 && !this.isSuccessful(index)) index -= 1;
    return index < 0 ? null : this.finishedAt(index);
  }

  /** Those at `[from, to)`: where these are not all, in memory of their own, so that the rest can be let go. */
  slice(from: number, to: number): Runs {
    if (from === 0 && to === this.length) return this;
    const { uuids, finishedAt, elapsedMs, taskCounts, failureOf } = this.#columns;
    const columns = {
      uuids: uuids.slice(from * uuidBytes, to * uuidBytes),
      finishedAt: finishedAt.slice(from, to),
      elapsedMs: elapsedMs.slice(from, to),
      taskCounts: taskCounts.slice(from, to),
      failureOf: failureOf.slice(from, to),
    };
    return new Runs(this.pipelineUuid, columns, this.#failures);
  }

  /** What of those at `[from, to)` decides the figures of weeks whose runs are not printed: when, how long, how they went. */
  *outcomes(from: number, to: number): Generator<Uint8Array> {
    const { finishedAt, elapsedMs, failureOf } = this.#columns;
    for (const { buffer, byteOffset, byteLength } of [
      finishedAt.subarray(from, to),
      elapsedMs.subarray(from, to),
    ]) {
      yield new Uint8Array(buffer, byteOffset, byteLength);
    }
    yield Uint8Array.from(failureOf.subarray(from, to), (place) => (place === 0 ? 0 : 1));
  }

  /**
   * All that is known of them, in pieces, to be hashed. The hash is stored with a report: made up of anything else it
   * would make a new revision of every week that is reported again.
   */
  *content(): Generator<Uint8Array | string> {
    const { uuids, finishedAt, elapsedMs, taskCounts } = this.#columns;
    yield uuids;
    for (const { buffer, byteOffset, byteLength } of [finishedAt, elapsedMs, taskCounts]) {
      yield new Uint8Array(buffer, byteOffset, byteLength);
    }
    const failures: unknown[] = [];
    for (let index = 0; index < this.length; index += 1) {
      const failure = this.failure(index);
      if (failure === null) continue;
      failures.push(index, failure.failedTaskCount, failure.firstFailedTaskUuid, failure.errorMessage);
    }
    yield JSON.stringify(failures);
  }
}
