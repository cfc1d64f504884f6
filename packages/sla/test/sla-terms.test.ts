import { describe, expect, it } from "vitest";
import { exclusionsIn } from "../src/scope/exclusions.ts";
import { weekOf } from "../src/calendar/week.ts";
import { objective, run, score } from "../src/testing/sla-fixture.ts";

describe("the terms that a recount takes", () => {
  it("are the limit of a duration, and what it makes of failed runs", () => {
    expect(termsOf(objective({ kind: "duration", atMostMs: 60_000, failed: "exclude" }))).toEqual({
      kind: "duration",
      atMostMs: 60_000,
      failed: "exclude",
    });
  });

  it("are the days of a volume that count: selected, not wholly excluded, in the week", () => {
    const volume = objective({ kind: "volume", per: "day", atLeast: 1, on: { kind: "workdays" } });
    const exclusions = [
      {
        kind: "once" as const,
        from: "2026-03-17T00:00",
        to: "2026-03-18T00:00",
        reason: "Move",
        approvedBy: null,
      },
    ];
    expect(termsOf(volume, { exclusions })).toEqual({
      kind: "volume",
      atLeast: 1,
      days: ["2026-03-16", "2026-03-18", "2026-03-19", "2026-03-20"],
    });
  });

  it("are no days while the agreement is not in force", () => {
    const volume = objective({ kind: "volume", per: "day", atLeast: 1, on: { kind: "daily" } });
    expect(termsOf(volume, { effectiveFrom: "2026-04-01" })).toMatchObject({ days: [] });
  });
});

describe("exclusionsIn", () => {
  it("lists the times that touch the week, whole and by their start, also where they overlap", () => {
    const exclusions = [
      {
        kind: "recurring" as const,
        weekdays: [1 as const],
        at: "02:00",
        forMs: 7_200_000,
        reason: "Maintenance",
        approvedBy: null,
      },
      {
        kind: "once" as const,
        from: "2026-03-15T12:00",
        to: "2026-03-16T03:00",
        reason: "Upgrade",
        approvedBy: "change-board",
      },
      {
        kind: "once" as const,
        from: "2026-03-15T12:00",
        to: "2026-03-16T00:00",
        reason: "Before the week",
        approvedBy: null,
      },
    ];
    expect(exclusionsIn(exclusions, "Europe/Berlin", weekOf("2026-W12", "Europe/Berlin"))).toEqual([
      {
        start: new Date("2026-03-15T11:00:00Z"),
        end: new Date("2026-03-16T02:00:00Z"),
        reason: "Upgrade",
        approvedBy: "change-board",
        kind: "once",
      },
      {
        start: new Date("2026-03-16T01:00:00Z"),
        end: new Date("2026-03-16T03:00:00Z"),
        reason: "Maintenance",
        approvedBy: null,
        kind: "recurring",
      },
    ]);
  });
});

function termsOf(one: ReturnType<typeof objective>, agreement = {}) {
  const runs = [run("2026-03-16T12:00:00Z"), run("2026-03-21T12:00:00Z")];
  return score({ runs, agreement: { objectives: [one], ...agreement } }).objectives[0]?.terms;
}
