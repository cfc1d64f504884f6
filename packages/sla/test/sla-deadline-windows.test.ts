import fc from "fast-check";
import { expect, test } from "vitest";
import { daysAfter } from "../src/calendar/calendar-date.ts";
import { localDays } from "../src/calendar/calendar-days.ts";
import { instantOf } from "../src/calendar/local-time.ts";
import { deadlineWindows } from "../src/scope/deadline-windows.ts";

const BERLIN = "Europe/Berlin";
const RANGE = { start: new Date("2026-03-15T23:00:00Z"), end: new Date("2026-03-17T23:00:00Z") };

function windowsOf(opens: string) {
  const days = localDays({ workdays: [1, 2, 3, 4, 5], holidays: null }, BERLIN, RANGE);
  const measure = { by: "06:00", opens, graceMs: 0, on: { kind: "daily" } } as const;
  return deadlineWindows(measure, days, (local) => instantOf(local, BERLIN));
}

test("opens on the day before when it opens no earlier in the day than it is due", () => {
  const opening = (opens: string) => windowsOf(opens).map((window) => window.opens.toISOString());
  expect(opening("05:59")).toEqual(["2026-03-16T04:59:00.000Z", "2026-03-17T04:59:00.000Z"]);
  expect(opening("06:00")).toEqual(["2026-03-15T05:00:00.000Z", "2026-03-16T05:00:00.000Z"]);
  expect(opening("06:01")).toEqual(["2026-03-15T05:01:00.000Z", "2026-03-16T05:01:00.000Z"]);
});

test("has nothing due on a holiday, also of deadlines of every day", () => {
  const days = localDays({ workdays: [1, 2, 3, 4, 5], holidays: null }, BERLIN, RANGE);
  const measure = { by: "06:00", opens: "00:00", graceMs: 0, on: { kind: "daily" } } as const;
  const named = days.map((day) => (day.date === "2026-03-16" ? { ...day, holiday: "Founders' day" } : day));
  const windows = deadlineWindows(measure, named, (local) => instantOf(local, BERLIN));
  expect(windows.map(({ date }) => date)).toEqual(["2026-03-17"]);
});

/** Nights on which clocks go forward, also over midnight (Nuuk) and by a whole date (Apia). */
const FORWARD = [
  ["Europe/Berlin", "2026-03-29"],
  ["America/New_York", "2026-03-08"],
  ["America/Nuuk", "2024-03-30"],
  ["America/Havana", "2026-03-08"],
  ["Africa/Cairo", "2026-04-24"],
  ["America/Santiago", "2026-09-06"],
  ["Australia/Lord_Howe", "2026-10-04"],
  ["Pacific/Apia", "2011-12-30"],
] as const;

const zones = [
  ...FORWARD.map(([zone]) => zone),
  "UTC",
  "Asia/Kolkata",
  "Atlantic/Azores",
  "Africa/Casablanca",
];
const nights = fc.oneof(
  fc.constantFrom(...FORWARD),
  fc.tuple(
    fc.constantFrom(...zones),
    fc.integer({ min: 0, max: 365 * 40 }).map((days) => daysAfter("1995-01-01", days)),
  ),
);
const minutes = fc.oneof(
  fc.integer({ min: 0, max: 1439 }),
  // About the hours at which clocks go forward.
  fc.constantFrom(0, 15, 30, 45, 60, 90, 105, 120, 135, 150, 165, 180, 195, 1380, 1395, 1410, 1425, 1439),
);

test("has every window open by its time, due within it, and closed when the next one opens", () => {
  fc.assert(
    fc.property(
      nights,
      minutes,
      minutes,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (night, by, opens, part) => {
        const [zone, date] = night;
        const time = (minute: number) =>
          `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
        // All that the configuration may say, and one as long as the window, which it once could.
        const graceMs = Math.floor(part * ((opens - by + 1440) % 1440)) * 60_000;
        const at = (local: string) => instantOf(local, zone);
        const range = { start: at(`${daysAfter(date, -3)}T00:00`), end: at(`${daysAfter(date, 4)}T00:00`) };
        const days = localDays({ workdays: [], holidays: null }, zone, range);
        const measure = { by: time(by), opens: time(opens), graceMs, on: { kind: "daily" } } as const;
        const windows = deadlineWindows(measure, days, at);
        expect(windows.map((window) => window.date)).toEqual(days.map((day) => day.date));
        for (const [index, window] of windows.entries()) {
          expect(window.opens.getTime()).toBeLessThanOrEqual(window.by.getTime());
          expect(window.by.getTime()).toBeLessThanOrEqual(window.due.getTime());
          expect(window.due.getTime()).toBeLessThanOrEqual(window.closes.getTime());
          expect(window.due.getTime()).toBe(Math.min(window.by.getTime() + graceMs, window.closes.getTime()));
          expect(windows[index + 1]?.opens ?? window.closes).toEqual(window.closes);
        }
      },
    ),
    { numRuns: 2000 },
  );
});

test("ends a grace with the window on the night on which clocks go forward", () => {
  const range = { start: new Date("2026-03-27T23:00:00Z"), end: new Date("2026-03-28T23:00:00Z") };
  const days = localDays({ workdays: [], holidays: null }, BERLIN, range);
  const measure = { by: "23:00", opens: "03:00", graceMs: 239 * 60_000, on: { kind: "daily" } } as const;
  const [window] = deadlineWindows(measure, days, (local) => instantOf(local, BERLIN));
  // By the clock the grace goes on until 02:59, which is 03:59 on this night.
  expect(window?.due.toISOString()).toBe("2026-03-29T01:00:00.000Z");
  expect(window?.closes.toISOString()).toBe("2026-03-29T01:00:00.000Z");
});
