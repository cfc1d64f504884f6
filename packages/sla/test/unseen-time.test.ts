import fc from "fast-check";
import { expect, test } from "vitest";
import { furthestOfTime } from "../src/doubt/unseen-time.ts";
import { piecesOf, places, waysToCover, within } from "./ways-to-cover.ts";

test("knows how much stale time runs not seen may have kept fresh, at the least and at the most", () => {
  const runs = fc
    .tuple(fc.nat(4), fc.nat(3))
    .filter(([all, failures]) => failures <= all && all - failures <= 3);
  fc.assert(
    fc.property(
      places,
      within,
      fc.integer({ min: 1, max: 9 }),
      runs,
      (isStale, time, maxAge, [all, failures]) => {
        const stretch = {
          unseen: { runs: all, failures, spareRows: 0 },
          seen: { successes: 0, all: 0 },
          time,
          stale: piecesOf(isStale),
        };
        const furthest = furthestOfTime([stretch], { maxAge, staleByCertain: 0 });
        const outcomes = [...waysToCover(isStale, time, maxAge, all - failures)];
        const freshened = (bad: number) => 0 - (furthest({ bad, total: 0 })?.bad ?? Number.NaN);
        expect(freshened(-1)).toBe(Math.max(...outcomes));
        expect(freshened(1)).toBe(Math.min(...outcomes));
      },
    ),
    { numRuns: 500 },
  );
});
