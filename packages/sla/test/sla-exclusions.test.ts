import type { Exclusion } from "@runledger/config";
import { describe, expect, it } from "vitest";
import { excludedIntervals, exclusionAt } from "../src/scope/exclusions.ts";
import { weekOf } from "../src/calendar/week.ts";

describe("excludedIntervals", () => {
  it("repeats a weekly exclusion at its local time", () => {
    expect(excluded([weekly({ weekdays: [2, 7], at: "02:00", hours: 2 })], "2026-W12")).toEqual([
      "2026-03-17T01:00Z/2026-03-17T03:00Z Maintenance",
      "2026-03-22T01:00Z/2026-03-22T03:00Z Maintenance",
    ]);
  });

  it("lets a weekly exclusion last its elapsed length when the clocks change within it", () => {
    const exclusion = weekly({ weekdays: [7], at: "01:00", hours: 3 });
    expect(excluded([exclusion], "2026-W13")).toEqual(["2026-03-29T00:00Z/2026-03-29T03:00Z Maintenance"]);
    expect(excluded([exclusion], "2026-W43")).toEqual(["2026-10-24T23:00Z/2026-10-25T02:00Z Maintenance"]);
  });

  it("lets a one-off run from local time to local time when the clocks change within it", () => {
    const exclusion = once({ from: "2026-03-29T01:00", to: "2026-03-29T04:00" });
    expect(excluded([exclusion], "2026-W13")).toEqual(["2026-03-29T00:00Z/2026-03-29T02:00Z Upgrade"]);
  });

  it("keeps what a weekly exclusion that began before the range still takes of it", () => {
    const exclusion = weekly({ weekdays: [7], at: "22:00", hours: 4 });
    expect(excluded([exclusion], "2026-W12")).toEqual([
      "2026-03-15T23:00Z/2026-03-16T01:00Z Maintenance",
      "2026-03-22T21:00Z/2026-03-22T23:00Z Maintenance",
    ]);
  });

  it("keeps what one that began days before the range still takes of it", () => {
    expect(excluded([weekly({ weekdays: [5], at: "12:00", hours: 64 })], "2026-W12")).toEqual([
      "2026-03-15T23:00Z/2026-03-16T03:00Z Maintenance",
      "2026-03-20T11:00Z/2026-03-22T23:00Z Maintenance",
    ]);
  });

  it("has none on a date that the clocks skip", () => {
    const range = { start: new Date("2011-12-30T23:00Z"), end: new Date("2012-01-01T00:00Z") };
    expect(
      excludedIntervals([weekly({ weekdays: [5], at: "12:00", hours: 2 })], "Pacific/Apia", range).map(
        asText,
      ),
    ).toEqual([]);
  });

  it("keeps an occurrence on the day after the range's last when clocks go back over midnight", () => {
    // In St. John's clocks went from Sunday 2009-11-01 00:01 back to Saturday 23:01.
    const range = { start: new Date("2009-10-31T12:00Z"), end: new Date("2009-11-01T02:35Z") };
    expect(
      excludedIntervals([weekly({ weekdays: [7], at: "00:00", hours: 2 })], "America/St_Johns", range).map(
        asText,
      ),
    ).toEqual(["2009-11-01T02:30Z/2009-11-01T02:35Z Maintenance"]);
  });

  it("cuts a one-off that is longer than the range", () => {
    expect(excluded([once({ from: "2026-01-01T00:00", to: "2027-01-01T00:00" })], "2026-W12")).toEqual([
      "2026-03-15T23:00Z/2026-03-22T23:00Z Upgrade",
    ]);
  });

  it("leaves out what lies beside the range", () => {
    expect(excluded([once({ from: "2026-03-15T20:00", to: "2026-03-16T00:00" })], "2026-W12")).toEqual([]);
  });

  it("counts overlapping time once, for the exclusion that began first", () => {
    expect(
      excluded(
        [
          once({ from: "2026-03-17T03:00", to: "2026-03-17T06:00" }),
          weekly({ weekdays: [2], at: "02:00", hours: 2 }),
          once({ from: "2026-03-17T02:30", to: "2026-03-17T03:30", reason: "Inside" }),
        ],
        "2026-W12",
      ),
    ).toEqual([
      "2026-03-17T01:00Z/2026-03-17T03:00Z Maintenance",
      "2026-03-17T03:00Z/2026-03-17T05:00Z Upgrade",
    ]);
  });
});

describe("exclusionAt", () => {
  const intervals = excludedIntervals(
    [weekly({ weekdays: [1, 2, 3, 4, 5, 6, 7], at: "02:00", hours: 1 })],
    "Europe/Berlin",
    weekOf("2026-W12", "Europe/Berlin"),
  );

  it.each([
    ["the first instant", "2026-03-17T01:00:00.000Z", "Maintenance"],
    ["the last millisecond", "2026-03-17T01:59:59.999Z", "Maintenance"],
    ["not the end", "2026-03-17T02:00:00.000Z", null],
    ["not the instant before", "2026-03-17T00:59:59.999Z", null],
    ["the first interval", "2026-03-16T01:30:00.000Z", "Maintenance"],
    ["the last interval", "2026-03-22T01:30:00.000Z", "Maintenance"],
    ["nothing before all", "2026-03-01T00:00:00.000Z", null],
    ["nothing after all", "2026-04-01T00:00:00.000Z", null],
  ])("finds %s", (_, instant, reason) => {
    expect(exclusionAt(intervals, new Date(instant))).toBe(reason);
  });

  it("finds nothing where nothing is excluded", () => {
    expect(exclusionAt([], new Date("2026-03-17T01:00:00Z"))).toBeNull();
  });
});

/** The excluded parts of a week in Berlin, as text. */
function excluded(exclusions: Exclusion[], weekId: string): string[] {
  const timezone = "Europe/Berlin";
  return excludedIntervals(exclusions, timezone, weekOf(weekId, timezone)).map(asText);
}

function asText({ start, end, reason }: { start: Date; end: Date; reason: string }): string {
  return `${minute(start)}/${minute(end)} ${reason}`;
}

function minute(instant: Date): string {
  return instant.toISOString().replace(":00.000Z", "Z");
}

function once({ from, to, reason = "Upgrade" }: { from: string; to: string; reason?: string }): Exclusion {
  return { kind: "once", from, to, reason, approvedBy: null };
}

type Recurring = Extract<Exclusion, { kind: "recurring" }>;

function weekly({ weekdays, at, hours }: Pick<Recurring, "weekdays" | "at"> & { hours: number }): Exclusion {
  return {
    kind: "recurring",
    weekdays,
    at,
    forMs: hours * 3_600_000,
    reason: "Maintenance",
    approvedBy: null,
  };
}
