import { describe, expect, it } from "vitest";
import { localDays, isSelected } from "../src/calendar/calendar-days.ts";

describe("localDays", () => {
  it("has the days that a range touches, from midnight to midnight", () => {
    const days = localDays({ workdays: [1, 2, 3, 4, 5], holidays: null }, "Europe/Berlin", {
      start: new Date("2026-03-27T23:00:00Z"),
      end: new Date("2026-03-29T22:00:00Z"),
    });
    expect(days).toEqual([
      {
        date: "2026-03-28",
        weekday: 6,
        start: new Date("2026-03-27T23:00:00Z"),
        end: new Date("2026-03-28T23:00:00Z"),
        holiday: null,
        isWorkday: false,
      },
      {
        date: "2026-03-29",
        weekday: 7,
        start: new Date("2026-03-28T23:00:00Z"),
        end: new Date("2026-03-29T22:00:00Z"),
        holiday: null,
        isWorkday: false,
      },
    ]);
  });

  it("has no day that the clocks skipped, and one that has no midnight", () => {
    const datesIn = (timezone: string, start: string, end: string) =>
      localDays({ workdays: [1], holidays: null }, timezone, {
        start: new Date(start),
        end: new Date(end),
      }).map(({ date, start: from, end: to }) => [date, (to.getTime() - from.getTime()) / 3_600_000]);
    expect(datesIn("Pacific/Apia", "2011-12-29T10:00:00Z", "2011-12-31T10:00:00Z")).toEqual([
      ["2011-12-29", 24],
      ["2011-12-31", 24],
    ]);
    expect(datesIn("America/Havana", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z")).toEqual([
      ["2026-03-08", 23],
    ]);
  });

  it("has a holiday be no workday, but still its weekday", () => {
    const start = Date.parse("2026-01-06") / 86_400_000;
    const event = { name: "Three Kings", start, days: 1, rules: [], added: [], excepted: [] };
    const holidays = { path: "de.ics", events: [event], files: [] };
    const [day] = localDays({ workdays: [1, 2], holidays }, "Europe/Berlin", {
      start: new Date("2026-01-05T23:00:00Z"),
      end: new Date("2026-01-06T23:00:00Z"),
    });
    if (day === undefined) throw new Error("there is one");
    expect(day).toMatchObject({ date: "2026-01-06", weekday: 2, holiday: "Three Kings", isWorkday: false });
    expect(isSelected({ kind: "workdays" }, day)).toBe(false);
    expect(isSelected({ kind: "weekdays", weekdays: [2] }, day)).toBe(true);
    expect(isSelected({ kind: "weekdays", weekdays: [1] }, day)).toBe(false);
    expect(isSelected({ kind: "daily" }, day)).toBe(true);
  });
});
