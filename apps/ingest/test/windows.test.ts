import fc from "fast-check";
import { expect, test } from "vitest";
import {
  firstSize,
  halved,
  halvesOf,
  isSmallest,
  joined,
  lengthOf,
  sizeAfter,
  windowAt,
  wholeSecond,
} from "../src/sync/windows/windows.ts";

const at = (text: string) => new Date(text);
const DAY_MS = 86_400_000;

test("neighbouring windows share their boundary second and end at the end", () => {
  const until = at("2026-03-03T06:00:00Z");
  const first = windowAt(at("2026-03-01T00:00:00Z"), until, DAY_MS);
  const second = windowAt(first.to, until, DAY_MS);
  const third = windowAt(second.to, until, DAY_MS);
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
      expect(bytes <= 3 * 1024 * 1024 || size <= seconds * 1000).toBe(true);
    }),
  );
  expect(halved(3000)).toBe(1000);
  expect(isSmallest(windowAt(at("2026-03-01T00:00:00Z"), at("2026-03-02T00:00:00Z"), 1000))).toBe(true);
});

test("the first window holds about three megabytes, or an hour where nothing is known", () => {
  expect(firstSize(null)).toBe(3_600_000);
  expect(firstSize(0)).toBe(32 * DAY_MS);
  expect(firstSize(100)).toBe(32 * DAY_MS);
  expect(firstSize(1_000_000) % 1000).toBe(0);
  expect((firstSize(1_000_000) / DAY_MS) * 1_000_000 * 500).toBeCloseTo(3 * 1024 * 1024, -5);
  expect(firstSize(1e12)).toBe(1000);
});

test("halves share a whole second and are joined again", () => {
  fc.assert(
    fc.property(fc.nat(1e6), fc.integer({ min: 2, max: 1e6 }), (start, seconds) => {
      const whole = { from: new Date(start * 1000), to: new Date((start + seconds) * 1000) };
      const halves = halvesOf(whole);
      expect(joined(halves)).toEqual([whole]);
      expect(halves.map(lengthOf).every((length) => length >= 1000 && length % 1000 === 0)).toBe(true);
    }),
  );
  const [one, other] = [
    { from: at("2026-03-01T00:00:00Z"), to: at("2026-03-01T00:00:01Z") },
    { from: at("2026-03-01T00:00:02Z"), to: at("2026-03-01T00:00:03Z") },
  ];
  expect(joined([one, other])).toEqual([one, other]);
});

test("cuts an instant to its second", () => {
  expect(wholeSecond(at("2026-03-01T00:00:00.999Z"))).toEqual(at("2026-03-01T00:00:00Z"));
});

test("windows of the quietest log grow to 32 days and no further", () => {
  let size = 3_600_000;
  for (let times = 0; times < 20; times += 1) size = sizeAfter(size, 0);
  expect(size).toBe(32 * 86_400_000);
});
