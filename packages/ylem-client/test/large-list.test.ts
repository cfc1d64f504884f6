import fc from "fast-check";
import { expect, test } from "vitest";
import { LargeList } from "../src/large-list.ts";

/** The text in pieces of drawn sizes. */
function readInPieces(text: string, sizes: readonly number[]): unknown {
  const list = new LargeList();
  let at = 0;
  for (let index = 0; at < text.length; index += 1) {
    const size = sizes[index % sizes.length] ?? 1;
    list.add(text.slice(at, at + size));
    at += size;
  }
  return list.items();
}

const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
const spaces = fc.constantFrom(undefined, 1, "\t");

test("reads what parsing the whole text reads, in whatever pieces it comes", () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), spaces, sizes, (list, space, pieces) => {
      const text = JSON.stringify(list, null, space);
      expect(readInPieces(text, pieces)).toEqual(JSON.parse(text));
    }),
    { numRuns: 500 },
  );
});

test("refuses what parsing the whole text refuses", () => {
  const marks = fc.constantFrom("", " ", ",", "[", "]", "{", "}", '"', "\\", ":", "1", "[]", "{}", "x");
  let refused = 0;
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue()),
      fc.nat(),
      fc.nat(2),
      marks,
      sizes,
      (list, at, gone, mark, pieces) => {
        const whole = JSON.stringify(list);
        const place = at % (whole.length + 1);
        const text = whole.slice(0, place) + mark + whole.slice(place + gone);
        const parsed = outcomeOf(() => JSON.parse(text));
        const isList = Array.isArray(parsed);
        if (!isList) refused += 1;
        expect(outcomeOf(() => readInPieces(text, pieces))).toEqual(isList ? parsed : "refused");
      },
    ),
    { numRuns: 3000 },
  );
  expect(refused).toBeGreaterThan(1000);
});

function outcomeOf(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return "refused";
  }
}
