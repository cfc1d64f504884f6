import { createCipheriv, createHash } from "node:crypto";
import { integerIn, type Random } from "../source/random.ts";

/** Key of the demo's encrypted outputs, 32 bytes in hex. It protects nothing: the outputs are made up. */
export const DEMO_OUTPUT_KEY = createHash("sha256").update("the demo's outputs are made up").digest("hex");

const NONCE_BYTES = 12;

/**
 * AES-256-GCM as the source's clients expect it: nonce in front, tag at the end, base64. The nonce comes from
 * the seeded stream so that the same seed gives the same bytes; nobody should do so with a key that matters.
 */
export function seal(random: Random, plain: Buffer): string {
  const nonce = Buffer.from(Array.from({ length: NONCE_BYTES }, () => integerIn(random, 0, 255)));
  const cipher = createCipheriv("aes-256-gcm", Buffer.from(DEMO_OUTPUT_KEY, "hex"), nonce);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString("base64");
}
