import fc from "fast-check";
import { expect, test } from "vitest";
import { furthestOfDays, type DayInDoubt } from "../src/doubt/unseen-days.ts";

/** Whether a day is good and, where it is bad, how many successes it lacks; `null`: the time is no day's. */
const day = fc.oneof(fc.integer({ min: 1, max: 3 }), fc.constant("good" as const), fc.constant(null));

test("knows how many days runs not seen may make good, at the least and at the most", () => {
  const drawn = fc.record({
    days: fc.array(day, { minLength: 1, maxLength: 4 }),
    runs: fc.nat(6),
    failures: fc.nat(3),
  });
  fc.assert(
    fc.property(
      drawn.filter(({ runs, failures }) => failures <= runs),
      ({ days, runs, failures }) => {
        const outcomes = Array.from(waysToLie(days.length, runs - failures), (on) => goodMade(days, on));
        const furthest = furthestOfDays(
          [
            {
              unseen: { runs, failures, spareRows: 0 },
              seen: { successes: 0, all: 0 },
              length: days.length,
              days: days.flatMap<DayInDoubt>((each) => {
                if (each === null) return [];
                return each === "good"
                  ? [{ isGood: true, needs: 1, canBeLeft: false, length: 1 }]
                  : [{ isGood: false, needs: each, canBeLeft: false, length: 1 }];
              }),
            },
          ],
          0,
        );
        expect(furthest({ bad: -1, total: 0 })?.bad).toBe(0 - Math.max(...outcomes));
        expect(furthest({ bad: 1, total: 0 })?.bad).toBe(0 - Math.min(...outcomes));
      },
    ),
    { numRuns: 1000 },
  );
});

/** Every way in which successes may lie on days: how many each has. */
function* waysToLie(days: number, successes: number): Generator<number[]> {
  if (days === 1) {
    yield [successes];
    return;
  }
  for (let first = 0; first <= successes; first += 1) {
    for (const others of waysToLie(days - 1, successes - first)) yield [first, ...others];
  }
}

function goodMade(days: readonly (number | "good" | null)[], on: readonly number[]): number {
  return days.filter((each, index) => typeof each === "number" && (on[index] ?? 0) >= each).length;
}
