import fc from "fast-check";
import { expect, test } from "vitest";
import {
  LONG_PERIODS,
  periodCount,
  periodsDue,
  periodsHolding,
  startOfPeriod,
} from "../src/statistics/periods.ts";

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

const DAY = 86_400_000;
const day = fc.integer({ min: 0, max: 1200 }).map((days) => new Date(Date.UTC(2025, 0, 1) + days * DAY));

/** Whether a UTC day is the first of a period. */
function isFirst(period: (typeof LONG_PERIODS)[number], date: Date): boolean {
  const isFirstOfMonth = date.getUTCDate() === 1;
  switch (period) {
    case "week":
      return date.getUTCDay() === 1;
    case "month":
      return isFirstOfMonth;
    case "quarter":
      return isFirstOfMonth && date.getUTCMonth() % 3 === 0;
    case "year":
      return isFirstOfMonth && date.getUTCMonth() === 0;
  }
}

test("asks again for each closed period that has a stale day, and for those that have closed since", () => {
  fc.assert(
    fc.property(fc.option(day), day, fc.integer({ min: 0, max: 500 }), (staleFrom, through, further) => {
      const until = new Date(through.getTime() + further * DAY);
      const due = periodsDue(staleFrom, through, until);
      for (const period of LONG_PERIODS) {
        // Walks over the days: those of the periods that end by `until`, and after the first that is stale or new.
        const first = Math.min(through.getTime(), staleFrom?.getTime() ?? Number.POSITIVE_INFINITY);
        let from = first;
        while (!isFirst(period, new Date(from))) from -= DAY;
        let to = until.getTime();
        while (!isFirst(period, new Date(to))) to -= DAY;
        const expected = from < to ? { period, from: new Date(from), to: new Date(to) } : undefined;
        expect(due.find((range) => range.period === period)).toEqual(expected);
      }
    }),
  );
});
