import type { Weekday } from "@runledger/config";
import { describe, expect, it } from "vitest";
import { localDays } from "../src/calendar/calendar-days.ts";
import { instantOf } from "../src/calendar/local-time.ts";
import { deadlineWindows } from "../src/scope/deadline-windows.ts";
import { exclusionsIn } from "../src/scope/exclusions.ts";

const ALL: Weekday[] = [1, 2, 3, 4, 5, 6, 7];
const APIA = "Pacific/Apia";
/** The local days 28 December 2011 to 1 January 2012; the clocks went from the 29th to the 31st. */
const RANGE = { start: new Date("2011-12-28T10:00:00Z"), end: new Date("2012-01-01T10:00:00Z") };

function windows(by: string, opens: string) {
  const days = localDays({ workdays: ALL, holidays: null }, APIA, RANGE);
  return deadlineWindows({ by, opens, graceMs: 0, on: { kind: "daily" } }, days, (local) =>
    instantOf(local, APIA),
  );
}

describe("a date that the clocks skip", () => {
  it.each([
    ["06:00", "00:00"],
    ["06:00", "22:00"],
    ["06:00", "06:00"],
    ["23:59", "00:01"],
  ])("has no deadline, and windows without a gap about it: by %s, opens %s", (by, opens) => {
    const found = windows(by, opens);
    expect(found.map(({ date }) => date)).toEqual(["2011-12-28", "2011-12-29", "2011-12-31", "2012-01-01"]);
    for (const [index, window] of found.entries()) {
      expect(window.opens < window.by).toBe(true);
      expect(window.closes >= window.by).toBe(true);
      expect(window.closes).toEqual(found[index + 1]?.opens ?? window.closes);
      expect(window.closes.getTime() - window.opens.getTime()).toBe(86_400_000);
    }
  });

  it("has no recurring exclusion", () => {
    const every = { kind: "recurring", weekdays: ALL, at: "02:00", forMs: 3_600_000 } as const;
    const found = exclusionsIn([{ ...every, reason: "Backup", approvedBy: null }], APIA, RANGE);
    expect(found.map(({ start }) => start.toISOString())).toEqual([
      "2011-12-28T12:00:00.000Z",
      "2011-12-29T12:00:00.000Z",
      "2011-12-30T12:00:00.000Z",
      "2011-12-31T12:00:00.000Z",
    ]);
  });

  it.each([
    ["2011-12-30T08:00", "2011-12-30T12:00", []],
    ["2011-12-30T00:00", "2011-12-31T00:00", []],
    ["2011-12-30T12:00", "2011-12-31T08:00", ["2011-12-30T10:00:00.000Z/2011-12-30T18:00:00.000Z"]],
    ["2011-12-29T12:00", "2011-12-30T08:00", ["2011-12-29T22:00:00.000Z/2011-12-30T10:00:00.000Z"]],
  ])("is never excluded on another date: %s to %s", (from, to, expected) => {
    const once = { kind: "once", from, to, reason: "Upgrade", approvedBy: null } as const;
    expect(
      exclusionsIn([once], APIA, RANGE).map(
        ({ start, end }) => `${start.toISOString()}/${end.toISOString()}`,
      ),
    ).toEqual(expected);
  });
});
