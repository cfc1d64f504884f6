import { expect, test } from "vitest";
import { periodsHolding } from "../src/statistics/periods.ts";

const at = (text: string) => new Date(text);

test.each([
  ["day", "2026-01-01T00:00:00Z", 60],
  ["week", "2025-12-29T00:00:00Z", 9],
  ["month", "2026-01-01T00:00:00Z", 3],
  ["quarter", "2026-01-01T00:00:00Z", 1],
  ["year", "2026-01-01T00:00:00Z", 1],
] as const)("holds whole calendar periods: %s", (period, from, count) => {
  const range = periodsHolding(period, at("2026-01-01T10:00:00Z"), at("2026-03-01T00:00:00Z"));
  expect(range).toEqual({ period, from: at(from), count });
});
