import fc from "fast-check";
import { expect, it } from "vitest";
import { BoundedCache } from "../src/calendar/bounded-cache.ts";

it("gives what is found, finds nothing twice that it keeps, and keeps the latest only", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.array(fc.nat({ max: 8 })), (most, keys) => {
      const found: number[] = [];
      const cache = new BoundedCache(most, (key: number) => {
        found.push(key);
        return { key };
      });
      for (const key of keys) {
        const isKept = found.slice(-most).includes(key);
        const before = found.length;
        expect(cache.get(key)).toEqual({ key });
        expect(found.length - before).toBe(isKept ? 0 : 1);
      }
    }),
  );
});
