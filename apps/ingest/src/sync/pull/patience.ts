/** What one pipeline may cost in a night without any use. */
export interface PatienceLimits {
  /** Answers that could not be used. One that cannot be read at all takes some twenty, to find its second. */
  failures: number;
  /** Milliseconds spent on them. */
  ms: number;
}

const PATIENCE: PatienceLimits = { failures: 80, ms: 10 * 60_000 };

/** What is left of a pipeline is for the next night. */
export class OutOfPatienceError extends Error {
  override name = "OutOfPatienceError";
}

/** What `work` returns, or the error where patience ended over it. */
export async function untilOutOfPatience<T>(work: () => Promise<T>): Promise<T | OutOfPatienceError> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof OutOfPatienceError) {
      return error;
    }
    throw error;
  }
}

/** Counts what a pipeline costs without any use, so that one broken answer does not take the night from the others. */
export class Patience {
  readonly #limits: PatienceLimits;
  readonly #elapsedMs: () => number;
  readonly #spent: PatienceLimits = { failures: 0, ms: 0 };

  /** @param elapsedMs milliseconds since some moment, on a clock that is never set. */
  constructor(limits: PatienceLimits = PATIENCE, elapsedMs: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#elapsedMs = elapsedMs;
  }

  /** Resolves with the error where `work` fails for a reason of which `isUseless` is true, and counts what it took. */
  async attempt<T>(
    work: () => Promise<T>,
    isUseless: (error: unknown) => error is Error,
  ): Promise<T | Error> {
    const begun = this.#elapsedMs();
    try {
      return await work();
    } catch (error) {
      if (!isUseless(error)) {
        throw error;
      }
      this.#spent.failures += 1;
      this.#spent.ms += this.#elapsedMs() - begun;
      return error;
    }
  }

  /** Whether half of it is spent: from then on nothing is narrowed any more, so that the rest gets through the night. */
  get isShort(): boolean {
    return this.#spent.failures >= this.#limits.failures / 2 || this.#spent.ms >= this.#limits.ms / 2;
  }

  /** What may be spent on one broken answer: half of what may be spent on narrowing. Says whether it is spent. */
  share(): () => boolean {
    const failures = (this.#spent.failures + this.#limits.failures / 2) / 2;
    const ms = (this.#spent.ms + this.#limits.ms / 2) / 2;
    return () => this.isShort || this.#spent.failures >= failures || this.#spent.ms >= ms;
  }

  /** @throws OutOfPatienceError with the last failure, once there were too many or they took too long. */
  assertLeft(failure: Error): void {
    const { failures, ms } = this.#spent;
    if (failures < this.#limits.failures && ms < this.#limits.ms) return;
    throw new OutOfPatienceError(
      `gave up for now, after ${failures} answers that could not be used; the next sync goes on from here. ` +
        `The last: ${failure.message}`,
      { cause: failure },
    );
  }
}
