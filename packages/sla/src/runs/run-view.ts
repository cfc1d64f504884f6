import type { Micros } from "../calendar/micros.ts";
import type { Run, RunFailure } from "./run.ts";
import type { RunTable } from "./run-table.ts";
import { toUuid, uuidBytes } from "./uuid-bytes.ts";

/**
 * One run, while a loop is at it. The loop moves the same view on to the next run, so that ten million of them make no
 * objects: what is to outlast the step is taken out of it, or made by `toRun()`. A list of views is one view many times.
 */
export interface RunView {
  readonly finishedAt: Micros;
  readonly elapsedMs: number;
  readonly isSuccessful: boolean;
  /** Whether it finished in no excluded time. */
  readonly isCounted: boolean;
  /** The reason of the exclusion that it finished in; `null` when it is counted. */
  readonly whyNot: string | null;
  /** `null` of a successful run. */
  failure(): RunFailure | null;
  toRun(): Run;
}

/** Goes through the runs at `[from, to)` of a table. */
export class RunCursor implements RunView, Iterator<RunView, undefined> {
  readonly #table: RunTable;
  readonly #to: number;
  readonly #step: IteratorYieldResult<RunView> = { done: false, value: this };
  #index: number;

  constructor(table: RunTable, from: number, to: number) {
    this.#table = table;
    this.#to = to;
    this.#index = from - 1;
  }

  next(): IteratorResult<RunView, undefined> {
    this.#index += 1;
    return this.#index < this.#to ? this.#step : ended;
  }

  get finishedAt(): Micros {
    return this.#table.finishedAt[this.#index] ?? Number.NaN;
  }

  get elapsedMs(): number {
    return this.#table.elapsedMs[this.#index] ?? Number.NaN;
  }

  get isSuccessful(): boolean {
    return this.#table.failureOf[this.#index] === 0;
  }

  get isCounted(): boolean {
    return (this.#table.exclusionOf[this.#index] ?? 0) === 0;
  }

  get whyNot(): string | null {
    const place = this.#table.exclusionOf[this.#index] ?? 0;
    return place === 0 ? null : (this.#table.reasons[place - 1] ?? null);
  }

  failure(): RunFailure | null {
    const place = this.#table.failureOf[this.#index] ?? 0;
    return place === 0 ? null : (this.#table.failures[place - 1] ?? null);
  }

  toRun(): Run {
    const { pipelineUuid, uuids, taskCounts } = this.#table;
    const { finishedAt, elapsedMs } = this;
    const failure = this.failure();
    return {
      runUuid: toUuid(uuids, this.#index * uuidBytes),
      pipelineUuid,
      startedAt: finishedAt - Math.round(elapsedMs * 1000),
      finishedAt,
      elapsedMs,
      isSuccessful: failure === null,
      taskCount: taskCounts[this.#index] ?? 0,
      failedTaskCount: failure?.failedTaskCount ?? 0,
      firstFailedTaskUuid: failure?.firstFailedTaskUuid ?? null,
      errorMessage: failure?.errorMessage ?? null,
    };
  }
}

const ended = { done: true, value: undefined } as const;
