import fc from "fast-check";
import { expect, it } from "vitest";
import { smallest } from "../src/runs/quickselect.ts";

it("finds the value that sorting puts at a rank", () => {
  const cases = fc
    .array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 60 })
    .chain((values) => fc.tuple(fc.constant(values), fc.nat(values.length - 1)));
  fc.assert(
    fc.property(cases, ([values, rank]) => {
      expect(smallest(Float64Array.from(values), rank)).toBe(values.toSorted((a, b) => a - b)[rank]);
    }),
  );
});

it("refuses a rank that there is not", () => {
  expect(() => smallest(new Float64Array(2), 2)).toThrow(RangeError);
});
