import { Readable } from "node:stream";

/** Small, so that what is read ahead of the connection is little. */
const PIECE_BYTES = 16_384;

/**
 * Holds back the end of a message, without which no server takes it, until it has been noted that it leaves. The
 * connection asks for the message only after the server said go on.
 */
export class Handover {
  /** From now on the server may have the message. */
  hasBegun = false;
  /** Why the end stayed here; null when it did not. */
  heldBackBy: unknown = null;
  readonly #begin: () => Promise<void>;
  readonly #onAsked: () => void;

  /** `begin` is awaited before the end leaves; when it rejects, the end never does. `onAsked`: the server waits for the message. */
  constructor(begin: () => Promise<void>, onAsked: () => void) {
    this.#begin = begin;
    this.#onAsked = onAsked;
  }

  watch(message: Readable): Readable {
    return Readable.from(this.#pass(message), { objectMode: false, highWaterMark: PIECE_BYTES });
  }

  async *#pass(message: Readable): AsyncGenerator<Buffer> {
    this.#onAsked();
    for await (const chunk of message) {
      for (let start = 0; start < chunk.length; start += PIECE_BYTES) {
        yield chunk.subarray(start, start + PIECE_BYTES);
      }
    }
    this.hasBegun = true;
    try {
      await this.#begin();
    } catch (error) {
      this.heldBackBy = error;
      throw error;
    }
  }
}
