import fc from "fast-check";
import { expect, it } from "vitest";
import { ConfigError, exampleYaml } from "../src/index.ts";
import { parse } from "./config-text.ts";

const EXAMPLE = exampleYaml();
const KEYS = [...EXAMPLE.matchAll(/^[ -]*([a-z_]+):/gm)].map(({ index, 0: entry, 1: key = "" }) => ({
  start: index + entry.length - key.length - 1,
  key,
}));

const LINES = EXAMPLE.split("\n").length;

it("gives every mistyped key a positioned problem at that key", async () => {
  const typo = fc.record({
    target: fc.constantFrom(...KEYS),
    place: fc.nat(),
    letter: fc.constantFrom("a", "b", "x", "z", "_"),
  });
  await fc.assert(
    fc.asyncProperty(typo, async ({ target: { start, key }, place, letter }) => {
      const at = start + (place % (key.length + 1));
      const text = EXAMPLE.slice(0, at) + letter + EXAMPLE.slice(at);
      const before = EXAMPLE.slice(0, start).split("\n");
      const position = { line: before.length, column: (before.at(-1) ?? "").length + 1 };
      const error = await errorOf(text);
      expect(error?.problems).toContainEqual(
        expect.objectContaining({ position, message: expect.stringContaining("unknown key") }),
      );
    }),
    { numRuns: 150 },
  );
});

it("never fails in any other way than with problems inside the file", async () => {
  const edit = fc.record({
    at: fc.nat(EXAMPLE.length),
    removed: fc.nat(30),
    inserted: fc.oneof(
      fc.string({ maxLength: 6 }),
      fc.constantFrom(
        "\n",
        "- ",
        "{",
        "]",
        "*x",
        "&x",
        "!t ",
        "null",
        ": ",
        "\t",
        "__proto__: 1\n",
        "? ",
        "|\n",
        "%",
        "'",
      ),
    ),
  });
  await fc.assert(
    fc.asyncProperty(edit, async ({ at, removed, inserted }) => {
      const error = await errorOf(EXAMPLE.slice(0, at) + inserted + EXAMPLE.slice(at + removed));
      for (const { position, message } of error?.problems ?? []) {
        expect(message).not.toMatch(/[\n\p{Cc}]/u);
        if (position === null) continue;
        expect(position.line).toBeGreaterThanOrEqual(1);
        expect(position.line).toBeLessThanOrEqual(LINES + 6);
        expect(position.column).toBeGreaterThanOrEqual(1);
      }
    }),
    { numRuns: 300 },
  );
});

async function errorOf(text: string): Promise<ConfigError | undefined> {
  try {
    await parse(text);
    return undefined;
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}
