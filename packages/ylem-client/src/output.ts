import { isUtf8 } from "node:buffer";
import { createDecipheriv } from "node:crypto";

import { ConfigurationError } from "./errors.ts";

/**
 * What a task left behind. `plain`: text as it came. `decrypted`: text or bytes after decryption. `opaque`:
 * bytes nothing could be made of, as they came; also the text itself where it was no base64.
 */
export type Output =
  | { state: "empty"; bytes: null }
  | { state: "plain" | "decrypted" | "opaque"; bytes: Uint8Array };

/** Returns the clear bytes, or null for bytes it cannot decrypt. Must leave `bytes` as they are. */
export type Decrypt = (bytes: Uint8Array) => Uint8Array | null | Promise<Uint8Array | null>;

export type Cipher = "aes-256-gcm" | "aes-256-cbc";

/**
 * Opens an output as the log has it. Bytes that already read as text are `plain` even when there is a key.
 * Neither throws nor rejects: what cannot be opened is `opaque`. A promise only where there is something to decrypt:
 * one for each row of a log would take longer than reading it.
 */
export function openOutput(encoded: string, decrypt: Decrypt | null): Output | Promise<Output> {
  if (encoded === "") return { state: "empty", bytes: null };
  const bytes = Buffer.from(encoded, "base64");
  if (bytes.toString("base64") !== encoded) return { state: "opaque", bytes: Buffer.from(encoded) };
  if (isText(bytes)) return { state: "plain", bytes };
  return decrypt === null ? { state: "opaque", bytes } : decrypted(bytes, decrypt);
}

/**
 * A decryption with a key of 32 bytes, given as such or as hex or base64 text.
 * @throws ConfigurationError when the key is anything else, or the cipher unknown.
 */
export function decryptWith(key: string | Uint8Array, cipher: Cipher): Decrypt {
  if (!Object.hasOwn(CIPHERS, cipher)) throw new ConfigurationError(`"${cipher}" is no cipher for outputs`);
  const keyBytes = toKey(key);
  return (bytes) => CIPHERS[cipher](keyBytes, bytes);
}

async function decrypted(bytes: Uint8Array, decrypt: Decrypt): Promise<Output> {
  try {
    const clear = await decrypt(bytes);
    if (clear instanceof Uint8Array) return { state: "decrypted", bytes: clear };
  } catch {
    // Not lost: it stays opaque.
  }
  return { state: "opaque", bytes };
}

const GCM_NONCE_BYTES = 12;
const GCM_TAG_BYTES = 16;
const CBC_IV_BYTES = 16;

const CIPHERS: Record<Cipher, (key: Uint8Array, bytes: Uint8Array) => Uint8Array | null> = {
  "aes-256-gcm"(key, bytes) {
    const tagAt = bytes.length - GCM_TAG_BYTES;
    if (tagAt < GCM_NONCE_BYTES) return null;
    const nonce = bytes.subarray(0, GCM_NONCE_BYTES);
    const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: GCM_TAG_BYTES });
    decipher.setAuthTag(bytes.subarray(tagAt));
    return Buffer.concat([decipher.update(bytes.subarray(GCM_NONCE_BYTES, tagAt)), decipher.final()]);
  },

  "aes-256-cbc"(key, bytes) {
    const decipher = createDecipheriv("aes-256-cbc", key, bytes.subarray(0, CBC_IV_BYTES));
    const clear = Buffer.concat([decipher.update(bytes.subarray(CBC_IV_BYTES)), decipher.final()]);
    // CBC proves nothing: one wrong key in 256 passes the padding. Only text is believed.
    return isText(clear) ? clear : null;
  },
};

/** Valid UTF-8 with no control characters but tab, line feed and carriage return. */
function isText(bytes: Buffer): boolean {
  return isUtf8(bytes) && !/[\p{Cc}--[\t\n\r]]/v.test(bytes.toString());
}

const KEY_BYTES = 32;

function toKey(key: string | Uint8Array): Uint8Array {
  const bytes =
    typeof key === "string" ? Buffer.from(key, /^[\da-f]{64}$/i.test(key) ? "hex" : "base64") : key;
  if (bytes.length === KEY_BYTES) return bytes;
  throw new ConfigurationError(`The output key has ${bytes.length} bytes; it needs 32, as hex or base64`);
}
