import fc from "fast-check";
import { expect, test } from "vitest";
import { addDays, chunksOf, daysIn } from "../src/sync/windows/days.ts";

test("asks for each day of a range once, in pieces no longer than asked for", () => {
  fc.assert(
    fc.property(fc.nat(100), fc.integer({ min: 1, max: 40 }), (more, size) => {
      const range = { first: "2026-02-20", last: addDays("2026-02-20", more) };
      const pieces = chunksOf(range, size).map(daysIn);
      expect(pieces.flat()).toEqual(daysIn(range));
      for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(size);
      expect(pieces).toHaveLength(Math.ceil((more + 1) / size));
    }),
  );
});
