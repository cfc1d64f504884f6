import { createCipheriv } from "node:crypto";

import { describe, expect, test } from "vitest";

import { type Cipher, ConfigurationError } from "../src/index.ts";
import { decryptWith, openOutput } from "../src/output.ts";

const KEY = Buffer.from("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "hex");
const IV = Buffer.alloc(16, 0xf0);
const CLEAR = Buffer.from('[{"message":"grüße"}]');
/** What the reference shows: 16 bytes that are no text. */
const OPAQUE = "+iIYz/dFRiOhzfOmibIOxQ==";

const base64 = (text: string | Buffer): string => Buffer.from(text).toString("base64");

function encrypted(cipher: Cipher, clear = CLEAR): string {
  if (cipher === "aes-256-cbc") {
    const encrypt = createCipheriv(cipher, KEY, IV);
    return base64(Buffer.concat([IV, encrypt.update(clear), encrypt.final()]));
  }
  const nonce = IV.subarray(0, 12);
  const encrypt = createCipheriv(cipher, KEY, nonce);
  return base64(Buffer.concat([nonce, encrypt.update(clear), encrypt.final(), encrypt.getAuthTag()]));
}

describe("an output", () => {
  test("that is empty is empty", async () => {
    expect(await openOutput("", null)).toEqual({ state: "empty", bytes: null });
  });

  test.each(["[]", "a\tb\r\nc\n", "grüße, 世界"])(
    "that is text stays plain, key or no key: %j",
    async (text) => {
      const plain = { state: "plain", bytes: Buffer.from(text) };
      expect(await openOutput(base64(text), null)).toEqual(plain);
      expect(await openOutput(base64(text), decryptWith(KEY, "aes-256-gcm"))).toEqual(plain);
    },
  );

  test.each([
    Buffer.from([0xff, 0xfe]),
    Buffer.from("a\0b"),
    Buffer.from("\u001b[0m"),
    Buffer.from("\u0085"),
  ])("that is no text is opaque: %j", async (bytes) => {
    expect(await openOutput(base64(bytes), null)).toEqual({ state: "opaque", bytes });
  });

  test.each(["not base64!", "YQ", "YR==", "a".repeat(5)])(
    "that is no base64 is opaque, as it came: %j",
    async (text) => {
      expect(await openOutput(text, null)).toEqual({ state: "opaque", bytes: Buffer.from(text) });
    },
  );
});

describe.each(["aes-256-gcm", "aes-256-cbc"] as const)("%s", (cipher) => {
  test.each([
    KEY,
    new Uint8Array(KEY),
    KEY.toString("hex"),
    KEY.toString("hex").toUpperCase(),
    KEY.toString("base64"),
  ])("decrypts with its key %j", async (key) => {
    const output = await openOutput(encrypted(cipher), decryptWith(key, cipher));
    expect(output).toEqual({ state: "decrypted", bytes: CLEAR });
  });

  test("leaves what it cannot decrypt opaque, byte for byte", async () => {
    const wrongKey = decryptWith(Buffer.alloc(32, 1), cipher);
    for (const text of [
      encrypted(cipher),
      OPAQUE,
      base64(Buffer.from([0xff])),
      base64(Buffer.alloc(28, 0xff)),
    ]) {
      expect(await openOutput(text, wrongKey)).toEqual({
        state: "opaque",
        bytes: Buffer.from(text, "base64"),
      });
    }
  });
});

test("aes-256-gcm decrypts what is empty, and what is no text", async () => {
  const decrypt = decryptWith(KEY, "aes-256-gcm");
  for (const clear of [Buffer.alloc(0), Buffer.from([0, 255])]) {
    expect(await openOutput(encrypted("aes-256-gcm", clear), decrypt)).toEqual({
      state: "decrypted",
      bytes: clear,
    });
  }
});

test("aes-256-cbc with a wrong key never makes up a clear text", async () => {
  for (let key = 0; key < 600; key += 1) {
    const bytes = Buffer.alloc(32);
    bytes.writeUInt16BE(key);
    const output = await openOutput(encrypted("aes-256-cbc"), decryptWith(bytes, "aes-256-cbc"));
    expect(output.state).toBe("opaque");
  }
});

describe("a decryption of one's own", () => {
  const bytes = Buffer.from(OPAQUE, "base64");

  test("may be asynchronous", async () => {
    expect(await openOutput(OPAQUE, async () => CLEAR)).toEqual({ state: "decrypted", bytes: CLEAR });
  });

  test.each([
    ["returns null", () => null],
    [
      "throws",
      () => {
        throw new Error("no");
      },
    ],
    ["rejects", async () => await Promise.reject(new Error("no"))],
  ])("that %s leaves the output opaque", async (_, decrypt) => {
    expect(await openOutput(OPAQUE, decrypt)).toEqual({ state: "opaque", bytes });
  });
});

test.each(["", "abcd", KEY.toString("hex").slice(2), `${KEY.toString("hex")}00`, Buffer.alloc(16)])(
  "a key that has not 32 bytes is refused without being shown",
  (key) => {
    const make = (): unknown => decryptWith(key, "aes-256-gcm");
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(/^The output key has \d+ bytes; it needs 32, as hex or base64$/);
  },
);
