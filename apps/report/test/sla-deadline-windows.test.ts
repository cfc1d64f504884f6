import { expect, test } from "vitest";
import { localDays } from "../src/calendar/calendar-days.ts";
import { instantOf } from "../src/calendar/local-time.ts";
import { deadlineWindows } from "../src/sla/deadline-windows.ts";

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
