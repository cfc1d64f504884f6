/** How long a server that cannot be reached is tried, all messages together. */
const PATIENCE_MS = 120_000;

/** Whether the server can be reached at all: what only waits for it is put off together. */
export class Reachability implements Disposable {
  readonly #patienceMs: number;
  readonly #controller = new AbortController();
  #timer: NodeJS.Timeout | null = null;

  constructor(patienceMs = PATIENCE_MS) {
    this.#patienceMs = patienceMs;
  }

  /** Aborted when it has not been reached for so long that the next run is to go on. */
  get givenUp(): AbortSignal {
    return this.#controller.signal;
  }

  /** A connection is wanted. */
  begin(): void {
    this.#timer ??= setTimeout(() => this.#controller.abort(), this.#patienceMs);
  }

  /** The server has spoken, or asked for a message. */
  reached(): void {
    this[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer ?? undefined);
    this.#timer = null;
  }
}
