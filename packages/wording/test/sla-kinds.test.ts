import { type Coverage, runsNeeded, weekOf } from "@runledger/sla";
import { inWords } from "./in-words.ts";
import type { Objective, ObjectiveMeasure } from "@runledger/config";
import { describe, expect, it } from "vitest";
import {
  failedRun,
  instant,
  loadOrders,
  objective,
  orders,
  run,
  score,
  succeeds,
  type Case,
} from "@runledger/sla/testing/sla-fixture";

const hourMs = 3_600_000;

const bySix = deadline({});
const fresh = objective({ kind: "freshness", maxAgeMs: 26 * hourMs });
const enough = objective({
  kind: "volume",
  per: "day",
  atLeast: 2,
  on: { kind: "weekdays", weekdays: [1, 3] },
});

/** Each morning at 05:00 in Berlin, from Monday on. */
const mornings = ["16", "17", "18", "19", "20", "21", "22"].map((day) => run(`2026-03-${day}T04:00:00Z`));

describe("in words", () => {
  it.each<[Objective, string, string]>([
    [
      bySix,
      "Due days (workdays) on which a successful run finishes between 00:00 and 06:00 (grace 10 min), of all due days",
      "none of 5 due days missed the deadline; none was allowed",
    ],
    [
      fresh,
      "Time in which the latest successful run had finished at most 26 h ago, of all time",
      "none of 168 h was stale, with no successful run for over 26 h; 3 h 21 min 36 s was allowed",
    ],
    [
      enough,
      "Days (Mon, Wed) with at least 2 successful runs, of all such days",
      "2 of 2 days had fewer than 2 successful runs; none was allowed",
    ],
  ])("tells %#", (measure, definition, reason) => {
    expect(only(measure, { runs: mornings, latestSuccessBefore: "2026-03-15T04:00:00Z" })).toMatchObject({
      definition,
      reason,
    });
  });

  it("tells a window that opens on the day before", () => {
    const overnight = deadline({ opens: "22:00", on: { kind: "daily" }, graceMs: 0 });
    expect(only(overnight, {}).definition).toBe(
      "Due days (every day) on which a successful run finishes between 22:00 of the day before and 06:00, of all due days",
    );
  });
});

describe("a hole in the history", () => {
  const holes: [string, Partial<Coverage>][] = [
    ["before it starts", { historyStart: new Date("2026-03-23T00:00:00Z") }],
    ["after it is synced", { syncedThrough: new Map([[orders.uuid, new Date("2026-03-16T03:00:00Z")]]) }],
    [
      "on disputed days",
      {
        disputedDays: new Map([
          [orders.uuid, ["15", "16", "17", "18", "19", "20", "22"].map((day) => `2026-03-${day}`)],
        ]),
      },
    ],
  ];

  it.each(holes)("makes no bad day, no gap and no incident: %s", (_, coverage) => {
    const { objectives, incidents, deadlines } = score({
      coverage,
      agreement: { objectives: [bySix, fresh, enough], effectiveFrom: "2026-03-16" },
      latestSuccessBefore: "2025-12-01T00:00:00Z",
      runs: [run("2026-03-15T12:00:00Z")],
    });
    expect(objectives.map(({ verdict }) => verdict)).toEqual(Array(3).fill("insufficient_data"));
    expect(incidents).toEqual([]);
    expect(deadlines.map(({ status }) => status)).toEqual(Array(5).fill("pending"));
  });

  it("does not hide a day that was served", () => {
    const disputedDays = new Map([[orders.uuid, ["2026-03-17"]]]);
    const { deadlines } = score({
      agreement: { objectives: [bySix] },
      coverage: { disputedDays },
      runs: [run("2026-03-17T04:00:00Z")],
    });
    expect(deadlines.map(({ status }) => status)).toEqual([
      "no_run",
      "on_time",
      // Its window opens on the disputed day, by UTC.
      "pending",
      "no_run",
      "no_run",
    ]);
  });

  it("puts a deadline in doubt also where its window lies outside the week", () => {
    const monday = deadline({ opens: "22:00", on: { kind: "weekdays", weekdays: [1] } });
    const disputed = (day: string) => ({ disputedDays: new Map([[orders.uuid, [day]]]) });
    const utc = { timezone: "UTC" };
    expect(only(monday, { agreement: utc, coverage: disputed("2026-03-15") }).verdict).toBe(
      "insufficient_data",
    );
    expect(only(monday, { agreement: utc, coverage: disputed("2026-03-14") }).verdict).toBe("missed");
  });

  it("lets age count from where the history starts when that is after the first day in force", () => {
    const { share } = only(fresh, {
      agreement: { effectiveFrom: "2026-01-01" },
      coverage: { historyStart: new Date("2026-03-15T23:00:00Z") },
    });
    expect(share).toEqual({ good: 26 * 3600, total: 168 * 3600 });
  });
});

it("allows freshness whole seconds, and compares milliseconds", () => {
  const target = { numerator: 98_765, denominator: 100_000 };
  const staleFor = (milliseconds: number) =>
    only(objective({ kind: "freshness", maxAgeMs: 7 * 24 * hourMs }, { target }), {
      latestSuccessBefore: new Date(Date.parse("2026-03-15T23:00:00Z") - milliseconds).toISOString(),
    });
  // 604,800 s × 1.235 % = 7,469.28 s
  expect(staleFor(7_469_280)).toMatchObject({ allowedBad: 7469, budgetLeft: 0, verdict: "at_risk" });
  expect(staleFor(7_469_281)).toMatchObject({ share: { good: 597_330.719 }, verdict: "missed" });
});

describe("min_runs", () => {
  it("asks for days of a deadline and for seconds of freshness", () => {
    const oneDay = deadline({ on: { kind: "weekdays", weekdays: [1] } });
    expect(only({ ...oneDay, minRuns: 2 }, { runs: mornings })).toMatchObject({
      verdict: "insufficient_data",
      reason: "1 due day counted; at least 2 are needed",
    });
    expect(only({ ...fresh, minRuns: 2 }, { runs: mornings }).verdict).not.toBe("insufficient_data");
  });

  it("above one is not met by nothing", () => {
    const exclusions = [
      { kind: "once", from: "2026-03-16T00:00", to: "2026-03-23T00:00", reason: "Move", approvedBy: null },
    ] as const;
    const agreement = { exclusions: [...exclusions] };
    expect(only(bySix, { agreement })).toMatchObject({
      verdict: "met",
      reason: "no due day counted; 5 were excluded",
    });
    expect(only({ ...bySix, minRuns: 2 }, { agreement }).verdict).toBe("insufficient_data");
    expect(only(fresh, { agreement })).toMatchObject({
      verdict: "met",
      reason: "no time counted; 168 h was excluded",
    });
  });
});

describe("incidents of days and time", () => {
  it("have the first failure on the way", () => {
    const { incidents } = score({
      agreement: { objectives: [bySix, fresh, enough], effectiveFrom: "2026-03-16" },
      latestSuccessBefore: "2025-12-20T00:00:00Z",
      runs: [
        failedRun("2026-03-15T21:00:00Z", { errorMessage: "made good since" }),
        run("2026-03-15T22:00:00Z"),
        failedRun("2026-03-16T04:00:00Z", { errorMessage: "no space left" }),
        failedRun("2026-03-17T04:00:00Z"),
        run("2026-03-18T04:00:00Z"),
        run("2026-03-18T05:00:00Z"),
        run("2026-03-19T04:00:00Z"),
        run("2026-03-20T04:00:00Z"),
        run("2026-03-21T04:00:00Z"),
        run("2026-03-22T04:00:00Z"),
      ],
      taskNames: new Map([[loadOrders, "Load orders"]]),
    });
    const [monday, wednesday] = [instant("2026-03-15T23:00:00Z"), instant("2026-03-17T23:00:00Z")];
    const first = { firstFailedTask: "Load orders", errorMessage: "no space left" };
    expect(incidents).toMatchObject([
      { objective: "volume", openedAt: monday, closedAt: wednesday, badEvents: 1, ...first },
      {
        objective: "deadline",
        openedAt: instant("2026-03-16T05:10:00Z"),
        closedAt: instant("2026-03-18T04:00:00Z"),
        badEvents: 2,
        ...first,
      },
      {
        objective: "freshness",
        openedAt: instant("2026-03-17T00:00:00Z"),
        closedAt: instant("2026-03-18T04:00:00Z"),
        badEvents: 1,
        inWeekMs: 28 * hourMs,
        ...first,
      },
    ]);
  });
});

describe("runsNeeded", () => {
  const week = weekOf("2026-W12", "Europe/Berlin");
  const agreement = (objectives: Objective[]) => ({
    timezone: "Europe/Berlin",
    effectiveFrom: "2025-01-01",
    calendar: { workdays: [], holidays: null },
    exclusions: [],
    objectives,
  });

  it("goes from the week before the 13 through the week's end and the longest grace", () => {
    const asOf = new Date("2026-03-24T00:00:00Z");
    expect(runsNeeded({ agreement: agreement([succeeds]), week, asOf })).toEqual({
      from: new Date("2025-12-14T23:00:00Z"),
      through: week.end,
    });
    expect(runsNeeded({ agreement: agreement([succeeds, bySix]), week, asOf }).through).toEqual(
      new Date("2026-03-22T23:10:00Z"),
    );
  });

  it("goes back to the 13 weeks in any case, further only where the agreement was in force", () => {
    const asOf = new Date("2026-03-24T00:00:00Z");
    const from = (effectiveFrom: string, weeksBefore?: number) =>
      runsNeeded({ agreement: { ...agreement([succeeds]), effectiveFrom }, week, asOf }, weeksBefore).from;
    expect(from("2025-12-18")).toEqual(new Date("2025-12-17T23:00:00Z"));
    expect(from("2026-02-01")).toEqual(new Date("2025-12-21T23:00:00Z"));
    expect(from("2025-01-01", 13)).toEqual(new Date("2025-09-21T22:00:00Z"));
    expect(from("2025-01-01", 52)).toEqual(new Date("2024-12-31T23:00:00Z"));
  });

  it("goes no further than as-of", () => {
    const asOf = new Date("2026-03-18T00:00:00Z");
    expect(runsNeeded({ agreement: agreement([bySix]), week, asOf }).through).toEqual(asOf);
  });
});

/** By 06:00 on workdays, from midnight on, with ten minutes of grace. */
function deadline(changes: Partial<Extract<ObjectiveMeasure, { kind: "deadline" }>>) {
  return objective({
    kind: "deadline",
    by: "06:00",
    on: { kind: "workdays" },
    opens: "00:00",
    graceMs: 600_000,
    ...changes,
  });
}

function only(measured: Objective, changes: Case) {
  const [result] = score({
    ...changes,
    agreement: { ...changes.agreement, objectives: [measured] },
  }).objectives;
  if (result === undefined) throw new Error("expected one objective");
  return inWords(result);
}
