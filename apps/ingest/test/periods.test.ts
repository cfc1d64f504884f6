import { expect, test } from "vitest";
import { periodCount, periodsHolding, startOfPeriod } from "../src/statistics/periods.ts";

const at = (text: string) => new Date(text);

test.each([
  ["day", "2026-01-01T00:00:00Z", "2026-03-02T00:00:00Z", 60],
  ["week", "2025-12-29T00:00:00Z", "2026-03-02T00:00:00Z", 9],
  ["month", "2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z", 3],
  ["quarter", "2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z", 1],
  ["year", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", 1],
] as const)("holds and counts whole calendar periods: %s", (period, from, to, count) => {
  const [first, last] = [at("2026-01-01T10:00:00Z"), at("2026-03-01T00:00:00Z")];
  expect(periodsHolding(period, first, last)).toEqual({ period, from: at(from), to: at(to) });
  expect(periodCount(period, first, last)).toBe(count);
  expect(startOfPeriod(period, first)).toEqual(at(from));
});
