import fc from "fast-check";
import { expect, it } from "vitest";

it("fails with seed 7 alone", () => {
  const { seed } = fc.readConfigureGlobal();
  fc.assert(
    fc.property(fc.nat(), () => {
      expect(seed).not.toBe(7);
    }),
  );
});
