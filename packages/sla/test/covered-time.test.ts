import fc from "fast-check";
import { expect, test } from "vitest";
import { leastCovered, mostCovered } from "../src/doubt/covered-time.ts";
import { piecesOf, places, waysToCover, within } from "./ways-to-cover.ts";

test("finds the most that spans can cover, of all ways to put them, and the least that one can", () => {
  fc.assert(
    fc.property(
      places,
      within,
      fc.integer({ min: 1, max: 9 }),
      fc.nat(3),
      (covered, range, length, count) => {
        const pieces = piecesOf(covered);
        expect(mostCovered(pieces, range, length, count)).toBe(
          Math.max(...waysToCover(covered, range, length, count)),
        );
        expect(leastCovered(pieces, range, length)).toBe(Math.min(...waysToCover(covered, range, length, 1)));
      },
    ),
    { numRuns: 500 },
  );
});

test("is content with what could be covered at best where there are too many places to try", () => {
  const pieces = Array.from({ length: 5000 }, (_, index) => ({ start: index * 10, end: index * 10 + 5 }));
  expect(mostCovered(pieces, { start: 0, end: 50_000 }, 20, 1000)).toBe(20_000);
});
