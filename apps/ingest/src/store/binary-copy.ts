import { toMicros } from "./micro-instant.ts";

/**
 * Writes rows in COPY's binary format, which spares Postgres from parsing text: a signature, then per row the
 * number of fields and each field's length and bytes, then an end mark.
 * https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS
 */
export class BinaryCopy {
  #buffer = Buffer.allocUnsafe(PIECE_BYTES);
  #end = SIGNATURE.copy(this.#buffer);

  /** Begins a row; as many fields are to follow. */
  row(fields: number): void {
    this.#reserve(2);
    this.#end = this.#buffer.writeInt16BE(fields, this.#end);
  }

  boolean(value: boolean): void {
    this.#length(1);
    this.#end = this.#buffer.writeInt8(value ? 1 : 0, this.#end);
  }

  int4(value: number): void {
    this.#length(4);
    this.#end = this.#buffer.writeInt32BE(value, this.#end);
  }

  /** @param value a whole number below 2^53. Written as two halves, which spares a BigInt. */
  int8(value: number): void {
    this.#length(8);
    this.#end = this.#buffer.writeInt32BE(Math.floor(value / 2 ** 32), this.#end);
    this.#end = this.#buffer.writeInt32BE(value | 0, this.#end);
  }

  float8(value: number | null): void {
    if (value === null) {
      this.#length(-1);
      return;
    }
    this.#length(8);
    this.#end = this.#buffer.writeDoubleBE(value, this.#end);
  }

  /** @param micros since 1970. */
  timestamptz(micros: number): void {
    this.int8(micros - EPOCH_MICROS);
  }

  /** @param value as `7b1c0f7e-0000-4000-8000-000000000001`. */
  uuid(value: string | null): void {
    if (value === null) {
      this.#length(-1);
      return;
    }
    this.#length(16);
    for (const digit of UUID_DIGITS) {
      this.#buffer[this.#end] = (nibble(value, digit) << 4) | nibble(value, digit + 1);
      this.#end += 1;
    }
  }

  text(value: string | null): void {
    if (value === null) {
      this.#length(-1);
      return;
    }
    // No character takes more than three bytes for each of its UTF-16 units.
    this.#reserve(4 + value.length * 3);
    const bytes = this.#buffer.write(value, this.#end + 4);
    this.#length(bytes);
    this.#end += bytes;
  }

  /** Of a bytea; or of any other type, in its binary form. */
  bytes(value: Uint8Array | null): void {
    if (value === null) {
      this.#length(-1);
      return;
    }
    this.#length(value.length);
    this.#buffer.set(value, this.#end);
    this.#end += value.length;
  }

  /** The rows written since the last piece, once they are worth sending. */
  takePiece(): Buffer | null {
    return this.#end < WORTH_SENDING_BYTES ? null : this.#take();
  }

  /** The rest, with the end mark. */
  finish(): Buffer {
    this.row(-1);
    return this.#take();
  }

  /** -1 stands for null. Makes room for the bytes that follow. */
  #length(bytes: number): void {
    this.#reserve(4 + bytes);
    this.#end = this.#buffer.writeInt32BE(bytes, this.#end);
  }

  #reserve(bytes: number): void {
    if (this.#end + bytes > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(this.#buffer.length + bytes);
      this.#buffer.copy(larger, 0, 0, this.#end);
      this.#buffer = larger;
    }
  }

  /** A piece is still on its way when the next row is written, so that goes to other memory. */
  #take(): Buffer {
    const piece = this.#buffer.subarray(0, this.#end);
    this.#buffer = Buffer.allocUnsafe(PIECE_BYTES);
    this.#end = 0;
    return piece;
  }
}

const PIECE_BYTES = 64 * 1024;
/** Leaves room for a usual row, so that the buffer seldom grows. */
const WORTH_SENDING_BYTES = PIECE_BYTES - 8 * 1024;

/** The signature, no flags, no extension. */
const SIGNATURE = Buffer.from("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", "latin1");

/** Postgres counts from the year 2000. */
const EPOCH_MICROS = toMicros("2000-01-01T00:00:00.000000Z");

/** Where a UUID's bytes begin in its text. */
const UUID_DIGITS = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

/** The values of hexadecimal digits by character code. */
const NIBBLES = Uint8Array.from({ length: 128 }, (_, code) => Number(`0x${String.fromCharCode(code)}`) || 0);

function nibble(text: string, index: number): number {
  return NIBBLES[text.charCodeAt(index)] ?? 0;
}
