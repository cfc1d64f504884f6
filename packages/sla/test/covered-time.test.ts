import fc from "fast-check";
import { expect, test } from "vitest";
import { leastCovered, mostCovered } from "../src/doubt/covered-time.ts";

const HORIZON = 24;

/** Pieces as the places that they cover, so that they need not be put in order. */
const places = fc.array(fc.boolean(), { minLength: HORIZON, maxLength: HORIZON });
const within = fc
  .tuple(fc.nat(8), fc.integer({ min: 1, max: 12 }))
  .map(([start, length]) => ({ start, end: start + length }));

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

function piecesOf(covered: readonly boolean[]) {
  const pieces: { start: number; end: number }[] = [];
  for (const [place, isCovered] of covered.entries()) {
    const last = pieces.at(-1);
    if (isCovered && last?.end === place) last.end += 1;
    else if (isCovered) pieces.push({ start: place, end: place + 1 });
  }
  return pieces;
}

/** What each way to put so many spans covers, place by place. */
function* waysToCover(
  covered: readonly boolean[],
  range: { start: number; end: number },
  length: number,
  count: number,
  taken: ReadonlySet<number> = new Set(),
): Generator<number> {
  if (count === 0) {
    yield Array.from(taken).filter((place) => covered[place]).length;
    return;
  }
  for (let start = range.start; start < range.end; start += 1) {
    const span = Array.from({ length }, (_, index) => start + index);
    yield* waysToCover(covered, { ...range, start }, length, count - 1, new Set([...taken, ...span]));
  }
}
