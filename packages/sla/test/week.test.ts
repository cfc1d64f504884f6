import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  InvalidWeekError,
  lastClosedWeek,
  previousWeeks,
  weekHolding,
  weekOf,
} from "../src/calendar/week.ts";

const hourMs = 3_600_000;

describe("weekOf", () => {
  it("runs from local Monday midnight to the next", () => {
    expect(weekOf("2026-W12", "Europe/Berlin")).toEqual({
      id: "2026-W12",
      timezone: "Europe/Berlin",
      start: new Date("2026-03-15T23:00:00Z"),
      end: new Date("2026-03-22T23:00:00Z"),
      hours: 168,
    });
  });

  it.each([
    ["2026-W13", "Europe/Berlin", 167],
    ["2026-W43", "Europe/Berlin", 169],
    ["2026-W10", "America/New_York", 167],
    ["2026-W44", "America/New_York", 169],
    ["2026-W14", "Australia/Lord_Howe", 168.5],
    ["2026-W40", "Australia/Lord_Howe", 167.5],
    ["2026-W10", "America/Havana", 167],
    ["2026-W13", "Asia/Beirut", 167],
    ["2026-W13", "Asia/Kolkata", 168],
    ["2011-W52", "Pacific/Apia", 144],
  ])("%s in %s has %d hours", (id, timezone, hours) => {
    expect(weekOf(id, timezone).hours).toBe(hours);
  });

  it("knows the 53rd week of 2026, which ends in 2027", () => {
    const week = weekOf("2026-W53", "UTC");
    expect(week.start).toEqual(new Date("2026-12-28T00:00:00Z"));
    expect(week.end).toEqual(new Date("2027-01-04T00:00:00Z"));
  });

  it("starts a week-year in the calendar year before where the calendar has it so", () => {
    expect(weekOf("2026-W01", "UTC").start).toEqual(new Date("2025-12-29T00:00:00Z"));
  });

  it("moves a Monday midnight that clocks skip forward by the gap", () => {
    // Tehran's clocks went from Monday 2021-03-22 00:00 (UTC+3:30) to 01:00.
    expect(weekOf("2021-W12", "Asia/Tehran").start).toEqual(new Date("2021-03-21T20:30:00Z"));
  });

  it.each(["2026-12", "2026-W1", "2026-W00", "2026-W54", "2025-W53", "2026-w12", " 2026-W12", ""])(
    "refuses %j",
    (id) => {
      expect(() => weekOf(id, "UTC")).toThrow(InvalidWeekError);
    },
  );

  it("says which weeks a year has", () => {
    expect(() => weekOf("2025-W53", "UTC")).toThrow(
      '"2025-W53" is not an ISO week: 2025 has the weeks 2025-W01 to 2025-W52',
    );
  });
});

describe("weekHolding", () => {
  it("gives the instant of the week's end to the next week", () => {
    const { end } = weekOf("2026-W12", "Europe/Berlin");
    expect(weekHolding(new Date(end.getTime() - 1), "Europe/Berlin").id).toBe("2026-W12");
    expect(weekHolding(end, "Europe/Berlin").id).toBe("2026-W13");
  });

  it("goes by the local date, not the UTC date", () => {
    expect(weekHolding(new Date("2026-03-15T23:30:00Z"), "Europe/Berlin").id).toBe("2026-W12");
    expect(weekHolding(new Date("2026-03-16T03:30:00Z"), "America/New_York").id).toBe("2026-W11");
  });

  it("has every instant in exactly one of a chain of touching weeks", () => {
    fc.assert(
      fc.property(instants, zones, (instant, timezone) => {
        const week = weekHolding(instant, timezone);
        expect(week.start <= instant && instant < week.end).toBe(true);
        expect(weekOf(week.id, timezone)).toEqual(week);
        expect(weekHolding(week.end, timezone).start).toEqual(week.end);
      }),
    );
  });
});

describe("lastClosedWeek", () => {
  it("waits until the week has ended for as long as it settles", () => {
    const { end } = weekOf("2026-W12", "Europe/Berlin");
    const settleMs = 6 * hourMs;
    const closedAt = new Date(end.getTime() + settleMs);
    expect(lastClosedWeek(closedAt, "Europe/Berlin", settleMs).id).toBe("2026-W12");
    expect(lastClosedWeek(new Date(closedAt.getTime() - 1), "Europe/Berlin", settleMs).id).toBe("2026-W11");
  });

  it("is the latest week whose end and settling lie behind", () => {
    fc.assert(
      fc.property(instants, zones, fc.integer({ min: 0, max: 30 * 24 }), (asOf, timezone, settleHours) => {
        const settleMs = settleHours * hourMs;
        const { end } = lastClosedWeek(asOf, timezone, settleMs);
        const next = weekHolding(end, timezone);
        expect(end.getTime() + settleMs).toBeLessThanOrEqual(asOf.getTime());
        expect(next.end.getTime() + settleMs).toBeGreaterThan(asOf.getTime());
      }),
    );
  });
});

describe("previousWeeks", () => {
  it("counts back over a 53rd week and ends with the week itself", () => {
    const ids = previousWeeks(weekOf("2027-W02", "Europe/Berlin"), 4).map(({ id }) => id);
    expect(ids).toEqual(["2026-W52", "2026-W53", "2027-W01", "2027-W02"]);
  });

  it("leaves no time between two weeks, also when the clocks change", () => {
    const weeks = previousWeeks(weekOf("2026-W14", "America/Havana"), 13);
    expect(weeks.slice(1).map(({ start }) => start)).toEqual(weeks.slice(0, -1).map(({ end }) => end));
  });
});

const instants = fc.date({
  min: new Date("2010-01-01T00:00:00Z"),
  max: new Date("2030-01-01T00:00:00Z"),
  noInvalidDate: true,
});

const zones = fc.constantFrom(
  "Europe/Berlin",
  "America/New_York",
  "Asia/Kolkata",
  "Australia/Lord_Howe",
  "America/Havana",
  "Asia/Beirut",
  "Asia/Tehran",
  "Pacific/Apia",
);
