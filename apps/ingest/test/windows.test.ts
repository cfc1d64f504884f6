import fc from "fast-check";
import { expect, test } from "vitest";
import { halved, isSmallest, sizeAfter, windowAt, wholeSecond } from "../src/windows.ts";

const at = (text: string) => new Date(text);

test("neighbouring windows share their boundary second and end at the end", () => {
  const until = at("2026-03-03T06:00:00Z");
  const first = windowAt(at("2026-03-01T00:00:00Z"), until, 86_400_000);
  const second = windowAt(first.to, until, 86_400_000);
  const third = windowAt(second.to, until, 86_400_000);
  expect([first, second, third]).toEqual([
    { from: at("2026-03-01T00:00:00Z"), to: at("2026-03-02T00:00:00Z") },
    { from: at("2026-03-02T00:00:00Z"), to: at("2026-03-03T00:00:00Z") },
    { from: at("2026-03-03T00:00:00Z"), to: until },
  ]);
});

test("quiet windows grow, large ones shrink, in whole seconds and never under one", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3_000_000 }), fc.nat(20_000_000), (seconds, bytes) => {
      const size = sizeAfter(seconds * 1000, bytes);
      expect(size % 1000).toBe(0);
      expect(size).toBeGreaterThanOrEqual(1000);
      expect(bytes <= 4 * 1024 * 1024 || size <= seconds * 1000).toBe(true);
    }),
  );
  expect(halved(3000)).toBe(1000);
  expect(isSmallest(windowAt(at("2026-03-01T00:00:00Z"), at("2026-03-02T00:00:00Z"), 1000))).toBe(true);
});

test("cuts an instant to its second", () => {
  expect(wholeSecond(at("2026-03-01T00:00:00.999Z"))).toEqual(at("2026-03-01T00:00:00Z"));
});
