import { abortable } from "./abort.ts";
import type { Token } from "./token.ts";

/** Keeps one token for all callers; however many wait for a new one, it is asked for once. */
export class TokenCache {
  readonly #ask: () => Promise<Token>;
  readonly #now: () => number;
  #token: Token | null = null;
  #coming: Promise<Token> | null = null;

  constructor(ask: () => Promise<Token>, now: () => number) {
    this.#ask = ask;
    this.#now = now;
  }

  /** An abort ends only this caller's wait. */
  async current(signal: AbortSignal): Promise<Token> {
    if (this.#token && this.#now() < this.#token.renewAt) return this.#token;
    this.#coming ??= this.#renewed();
    return await abortable(this.#coming, signal);
  }

  /** A token other than the one the server refused; a new one only if nobody has renewed it since. */
  async replacementFor(refused: Token, signal: AbortSignal): Promise<Token> {
    if (this.#token === refused) this.#token = null;
    return await this.current(signal);
  }

  async #renewed(): Promise<Token> {
    try {
      this.#token = await this.#ask();
      return this.#token;
    } finally {
      this.#coming = null;
    }
  }
}
