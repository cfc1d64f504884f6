/**
 * The server's clock, as far as the `Date` headers of its answers tell. Between answers it goes by a clock that nobody
 * sets, so it is right though this machine's own is not.
 */
export class ServerClock {
  readonly #elapsedMs: () => number;
  /** The server's time less the elapsed time, in milliseconds; null until an answer has told. */
  #startMs: number | null = null;

  /** @param elapsedMs milliseconds since some moment; never set back or forward, as `performance.now`. */
  constructor(elapsedMs: () => number) {
    this.#elapsedMs = elapsedMs;
  }

  /** Takes note of an answer's `Date` header. */
  observe(date: string | null): void {
    const startMs = Date.parse(date ?? "") - this.#elapsedMs();
    // The header has whole seconds, travels, and can come from a cache: the latest of all is the nearest.
    if (!Number.isNaN(startMs)) this.#startMs = Math.max(startMs, this.#startMs ?? startMs);
  }

  /** The server's time, never late, and early by a second and the answer's way at most; null when no answer told. */
  now(): Date | null {
    return this.#startMs === null ? null : new Date(this.#startMs + this.#elapsedMs());
  }
}
