/** What one pipeline may cost in a night without any use. */
export interface PatienceLimits {
  /** Answers that could not be used. One that cannot be read at all takes some twenty, to find its second. */
  failures: number;
  /** Milliseconds spent on them. */
  ms: number;
}

const PATIENCE: PatienceLimits = { failures: 80, ms: 10 * 60_000 };

/** What is left of a pipeline is for the next night. */
class OutOfPatienceError extends Error {
  override name = "OutOfPatienceError";
}

/** Counts what a pipeline costs without any use, so that one broken answer does not take the night from the others. */
export class Patience {
  readonly #limits: PatienceLimits;
  #failures = 0;
  #ms = 0;

  constructor(limits: PatienceLimits = PATIENCE) {
    this.#limits = limits;
  }

  /** @throws OutOfPatienceError with the last failure, once there were too many or they took too long. */
  spend(ms: number, failure: Error): void {
    this.#failures += 1;
    this.#ms += ms;
    if (this.#failures < this.#limits.failures && this.#ms < this.#limits.ms) return;
    throw new OutOfPatienceError(
      `gave up for now, after ${this.#failures} answers that could not be used; the next sync goes on from here. ` +
        `The last: ${failure.message}`,
      { cause: failure },
    );
  }
}
