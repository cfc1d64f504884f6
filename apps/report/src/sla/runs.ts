import type { Run, RunFailure } from "./run.ts";
import { toUuid, type UuidWords } from "./uuid-words.ts";

/** A run as numbers; instants are milliseconds since 1970. */
export interface RunRecord extends Pick<Run, "elapsedMs" | "taskCount" | "failedTaskCount"> {
  uuid: UuidWords;
  startedAt: number;
  finishedAt: number;
  /** `null` of a successful run. */
  failure: RunFailure | null;
}

/**
 * The runs of one pipeline, as records in one buffer: 52 bytes a run, and nothing for the
 * collector to follow. Runs are named by their index.
 */
export class Runs {
  readonly pipelineUuid: string;
  #length = 0;
  readonly #words: Uint32Array;
  /** The same memory. */
  readonly #numbers: Float64Array;
  /** 0 of a successful run, of a failed one its place among the failures, counted from 1. */
  readonly #failureOf: Uint32Array;
  readonly #failures: RunFailure[];

  /** Makes room for so many runs. */
  constructor(pipelineUuid: string, room: number, failures: RunFailure[] = []) {
    this.pipelineUuid = pipelineUuid;
    this.#words = new Uint32Array(room * wordsPerRun);
    this.#numbers = new Float64Array(this.#words.buffer);
    this.#failureOf = new Uint32Array(room);
    this.#failures = failures;
  }

  get length(): number {
    return this.#length;
  }

  /**
   * Copies the record: it may be used again for the next run.
   *
   * @throws {RangeError} when there is no room.
   */
  add(record: RunRecord): void {
    if (this.#length === this.#failureOf.length)
      throw new RangeError(`there is room for ${this.#length} runs`);
    const { uuid, failure } = record;
    const word = this.#length * wordsPerRun;
    const number = this.#length * numbersPerRun;
    this.#words[word] = uuid[0];
    this.#words[word + 1] = uuid[1];
    this.#words[word + 2] = uuid[2];
    this.#words[word + 3] = uuid[3];
    this.#numbers[number + finishedAt] = record.finishedAt;
    this.#numbers[number + startedAt] = record.startedAt;
    this.#numbers[number + elapsedMs] = record.elapsedMs;
    this.#words[word + taskCount] = record.taskCount;
    this.#words[word + failedTaskCount] = record.failedTaskCount;
    if (failure !== null) this.#failureOf[this.#length] = this.#failures.push(failure);
    this.#length += 1;
  }

  finishedAt(index: number): number {
    return this.#numbers[index * numbersPerRun + finishedAt] ?? Number.NaN;
  }

  elapsedMs(index: number): number {
    return this.#numbers[index * numbersPerRun + elapsedMs] ?? Number.NaN;
  }

  isSuccessful(index: number): boolean {
    return this.#failureOf[index] === 0;
  }

  /** `null` of a successful run. */
  failure(index: number): RunFailure | null {
    return this.#failures[(this.#failureOf[index] ?? 0) - 1] ?? null;
  }

  /** The indexes of the failed ones, in order. */
  failed(): number[] {
    const indexes: number[] = [];
    for (let index = 0; index < this.#length; index += 1) {
      if (this.#failureOf[index] !== 0) indexes.push(index);
    }
    return indexes;
  }

  at(index: number): Run {
    const word = index * wordsPerRun;
    const { firstFailedTaskUuid, errorMessage } = this.failure(index) ?? noFailure;
    return {
      runUuid: toUuid(this.#words, word),
      pipelineUuid: this.pipelineUuid,
      startedAt: new Date(this.#numbers[index * numbersPerRun + startedAt] ?? Number.NaN),
      finishedAt: new Date(this.finishedAt(index)),
      elapsedMs: this.elapsedMs(index),
      isSuccessful: this.isSuccessful(index),
      taskCount: this.#words[word + taskCount] ?? 0,
      failedTaskCount: this.#words[word + failedTaskCount] ?? 0,
      firstFailedTaskUuid,
      errorMessage,
    };
  }

  /** Of runs in order of finish the first that finished at `instant` or later; `length` where none did. */
  firstFrom(instant: Date): number {
    const from = instant.getTime();
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.finishedAt(middle) >= from) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Those at `[from, to)`: where these are not all, in memory of their own, so that the rest can be let go. */
  slice(from: number, to: number): Runs {
    if (from === 0 && to === this.#length) return this;
    const part = new Runs(this.pipelineUuid, to - from, this.#failures);
    part.#words.set(this.#words.subarray(from * wordsPerRun, to * wordsPerRun));
    part.#failureOf.set(this.#failureOf.subarray(from, to));
    part.#length = to - from;
    return part;
  }

  /** By finish; runs that finish together by UUID, so that the same runs always make the same report. */
  inOrder(): Runs {
    if (this.#isInOrder()) return this;
    const order: number[] = [];
    for (let index = 0; index < this.#length; index += 1) order.push(index);
    // Almost in order already: runs lie about as they started. The sort takes advantage of that.
    order.sort((a, b) => this.#compare(a, b));
    const sorted = new Runs(this.pipelineUuid, this.#length, this.#failures);
    for (const index of order) sorted.#addCopy(this, index);
    return sorted;
  }

  /** All that is stored of them but for why they failed; the same runs in the same order are the same bytes. */
  bytes(): Uint8Array {
    return new Uint8Array(this.#words.buffer, 0, this.#length * wordsPerRun * 4);
  }

  #addCopy(from: Runs, index: number): void {
    for (let word = 0; word < wordsPerRun; word += 1) {
      this.#words[this.#length * wordsPerRun + word] = from.#words[index * wordsPerRun + word] ?? 0;
    }
    this.#failureOf[this.#length] = from.#failureOf[index] ?? 0;
    this.#length += 1;
  }

  #isInOrder(): boolean {
    for (let index = 1; index < this.#length; index += 1) {
      if (this.#compare(index - 1, index) > 0) return false;
    }
    return true;
  }

  #compare(a: number, b: number): number {
    return this.finishedAt(a) - this.finishedAt(b) || this.#compareUuids(a, b);
  }

  #compareUuids(a: number, b: number): number {
    for (let word = 0; word < 4; word += 1) {
      const difference =
        (this.#words[a * wordsPerRun + word] ?? 0) - (this.#words[b * wordsPerRun + word] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  }
}

export function emptyRecord(): RunRecord {
  return {
    uuid: [0, 0, 0, 0],
    startedAt: 0,
    finishedAt: 0,
    elapsedMs: 0,
    taskCount: 0,
    failedTaskCount: 0,
    failure: null,
  };
}

/** A record: four words of UUID, three numbers, two words. */
const wordsPerRun = 12;
const numbersPerRun = wordsPerRun / 2;
/** Where the numbers are, in numbers. */
const finishedAt = 2;
const startedAt = 3;
const elapsedMs = 4;
/** Where the counts are, in words. */
const taskCount = 10;
const failedTaskCount = 11;

const noFailure: RunFailure = { firstFailedTaskUuid: null, errorMessage: null };
