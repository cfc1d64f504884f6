import fc from "fast-check";
import { expect, test } from "vitest";
import { addDays, endOf, startOf } from "../src/sync/windows/days.ts";
import { cutWindows, widenedWindows } from "../src/sync/prove/telling-windows.ts";

const START = startOf("2026-03-02").getTime() / 1000;
const WINDOW = { from: startOf("2026-03-02"), to: endOf("2026-03-02") };

/** Rows at fractions of seconds: none lies on a cut. */
const rows = fc.array(
  fc.record({
    at: fc.integer({ min: 1, max: 40 }).map((second) => START + second * 100 - 0.5),
    run: fc.constantFrom("a", "b", "c", "d"),
    failures: fc.nat(2),
  }),
  { maxLength: 40 },
);

test("cuts a window into parts that have at least as many runs as failed rows", () => {
  fc.assert(
    fc.property(rows, (all) => {
      const grouped = all
        .map(({ at, run, failures }) => ({ second: Math.ceil(at), run, failures }))
        .toSorted((one, other) => one.second - other.second);
      const parts = cutWindows(WINDOW, grouped);
      const within = (from: Date, to: Date) =>
        all.filter(({ at }) => at >= from.getTime() / 1000 && at <= to.getTime() / 1000);
      let end = WINDOW.from;
      for (const { from, to, isSure } of [...parts, { from: WINDOW.to, to: WINDOW.to, isSure: true }]) {
        expect(from.getTime()).toBeGreaterThanOrEqual(end.getTime());
        const held = within(from, to);
        const [failed, runs] = counted(held);
        expect(isSure ? failed < runs || held.length === 0 : failed === runs).toBe(true);
        // What is left out before it is a second with more failed rows than runs, and the one after it.
        const leftOut = within(end, from);
        expect(from.getTime() - end.getTime()).toBeLessThanOrEqual(
          2000 * new Set(leftOut.map(({ at }) => at)).size,
        );
        for (const { at } of leftOut) {
          const ofSecond = counted(all.filter((row) => row.at === at));
          expect(ofSecond[0]).toBeGreaterThan(ofSecond[1]);
        }
        end = to;
      }
    }),
  );
});

function counted(held: readonly { run: string; failures: number }[]): [failed: number, runs: number] {
  return [held.reduce((sum, { failures }) => sum + failures, 0), new Set(held.map(({ run }) => run)).size];
}

const days = fc
  .array(fc.record({ successes: fc.integer({ min: -5, max: 5 }), isWhole: fc.boolean() }), {
    minLength: 1,
    maxLength: 30,
  })
  .map((all) =>
    all.map(({ successes, isWhole }, index) => ({
      day: addDays("2026-03-01", index),
      stored: { successes, failures: 5, averageDurationMs: 1 },
      isHazy: successes <= 0,
      isWhole,
    })),
  );

test("widens hazy days over whole ones until there are successes, and leaves the others", () => {
  fc.assert(
    fc.property(days, (all) => {
      const { windows, left } = widenedWindows(all);
      for (const { from, to, days: hazy } of windows) {
        const held = all.filter(({ day }) => startOf(day) >= from && endOf(day) <= to);
        expect(held.every(({ isWhole }) => isWhole)).toBe(true);
        expect(held.reduce((sum, { stored }) => sum + stored.successes, 0)).toBeGreaterThan(0);
        expect(hazy).toEqual(held.filter(({ isHazy }) => isHazy).map(({ day }) => day));
      }
      const told = new Set([...windows.flatMap((window) => window.days), ...left]);
      expect([...told].toSorted()).toEqual(
        all.filter((day) => day.isHazy && day.isWhole).map(({ day }) => day),
      );
    }),
  );
});

/** A hazy day and one with a success, so many days apart. */
function daysApart(distance: number, order: "hazy first" | "hazy last") {
  const [hazy, good] = order === "hazy first" ? [0, distance] : [distance, 0];
  return Array.from({ length: distance + 1 }, (_, index) => ({
    day: addDays("2026-03-01", index),
    stored: { successes: index === good ? 1 : 0, failures: 5, averageDurationMs: 1 },
    isHazy: index === hazy,
    isWhole: true,
  }));
}

test.each(["hazy first", "hazy last"] as const)("looks for successes up to seven days away: %s", (order) => {
  const near = widenedWindows(daysApart(7, order));
  expect(near.windows).toMatchObject([{ from: startOf("2026-03-01"), to: endOf("2026-03-08") }]);
  expect(near.left).toEqual([]);
  const far = widenedWindows(daysApart(8, order));
  expect(far.windows).toEqual([]);
  expect(far.left).toHaveLength(1);
});
