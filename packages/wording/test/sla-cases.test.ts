/** The cases that `docs/sla.md` works by hand, under the same numbers. */
import { type ObjectiveKind, attainedIn } from "@runledger/sla";
import { inWords } from "./in-words.ts";
import { holidayCalendar, type Calendar, type Exclusion, type ObjectiveMeasure } from "@runledger/config";
import { describe, expect, it } from "vitest";
import {
  failedRun,
  instant,
  objective,
  orders,
  run,
  runs,
  score,
  succeeds,
  uuidOf,
  type Case,
} from "@runledger/sla/testing/sla-fixture";

const hourMs = 3_600_000;

describe("runs", () => {
  it("1: a run that straddles the week's end counts where it finished", () => {
    const straddling = run("2026-03-22T23:10:00Z", { elapsedMs: 20 * 60_000 });
    const { trend } = score({ week: "2026-W13", runs: [straddling] });
    expect(trend.slice(-2).map(({ week, share }) => [week, share.total])).toEqual([
      ["2026-W12", 0],
      ["2026-W13", 1],
    ]);
  });

  it("2: 98 of 100 at 98 % is met, with nothing left", () => {
    expect(only({ runs: runs("2026-03-16T06:00:00Z", 98, 2) })).toMatchObject({
      share: { good: 98, total: 100 },
      allowedBad: 2,
      budgetLeft: 0,
      burnRate: 1,
      verdict: "at_risk",
    });
  });

  it("3: 100 % is met by all and missed by one, with no budget either way", () => {
    const always = objective({ kind: "success" }, { target: { numerator: 100, denominator: 100 } });
    const at = (good: number, bad: number) =>
      only({ agreement: { objectives: [always] }, runs: runs("2026-03-16T06:00:00Z", good, bad) });
    expect(at(7, 0)).toMatchObject({ verdict: "met", allowedBad: 0, budgetLeft: null, burnRate: null });
    expect(at(6, 1)).toMatchObject({ verdict: "missed", allowedBad: 0, budgetLeft: null, burnRate: null });
  });

  it("4: rows that come after the mail change the figures of their week", () => {
    const printed = runs("2026-03-16T06:00:00Z", 99, 1);
    const late = runs("2026-03-21T06:00:00Z", 0, 3);
    expect(only({ runs: printed })).toMatchObject({ share: { good: 99, total: 100 }, verdict: "met" });
    expect(only({ runs: [...printed, ...late] })).toMatchObject({
      share: { good: 99, total: 103 },
      verdict: "missed",
    });
  });
});

describe("deadlines", () => {
  it("5: a deadline in the spring gap moves forward by the gap", () => {
    const onSunday = deadline({ by: "02:30", on: { kind: "weekdays", weekdays: [7] } });
    const at = (finish: string) => days({ week: "2026-W13", runs: [run(finish)] }, onSunday);
    expect(at("2026-03-29T01:30:00.000Z")).toMatchObject([
      { dueAt: new Date("2026-03-29T01:30:00Z"), status: "on_time", lateByMs: null },
    ]);
    expect(at("2026-03-29T01:30:00.000001Z")).toMatchObject([{ status: "late", lateByMs: 0.001 }]);
  });

  it("6: of a deadline that the clocks show twice the first counts", () => {
    const onSunday = deadline({ by: "02:30", on: { kind: "weekdays", weekdays: [7] } });
    const at = (finish: string) => days({ week: "2026-W43", runs: [run(finish)] }, onSunday);
    expect(at("2026-10-25T00:30:00Z")).toMatchObject([
      { dueAt: new Date("2026-10-25T00:30:00Z"), status: "on_time" },
    ]);
    expect(at("2026-10-25T01:15:00Z")).toMatchObject([{ status: "late", lateByMs: 45 * 60_000 }]);
  });

  it.each([
    ["America/Havana", "2026-W10", "00:30", "2026-03-08T05:30:00Z"],
    ["Australia/Lord_Howe", "2026-W40", "02:15", "2026-10-03T15:45:00Z"],
  ])("7: the gap may be at midnight, or half an hour long: %s", (timezone, week, by, due) => {
    const onSunday = deadline({ by, on: { kind: "weekdays", weekdays: [7] } });
    expect(days({ week, agreement: { timezone } }, onSunday)).toMatchObject([{ dueAt: new Date(due) }]);
  });

  it("8: nothing is due on a holiday, and its run serves no other day", () => {
    const easterMonday = holidayCalendar("de.ics", holiday("20260406"));
    const calendar: Calendar = { workdays: [1, 2, 3, 4, 5], holidays: easterMonday };
    const { objectives, deadlines } = score({
      week: "2026-W15",
      agreement: { calendar, objectives: [deadline({ on: { kind: "workdays" } })] },
      runs: ["06", "08", "09", "10"].map((day) => run(`2026-04-${day}T03:00:00Z`)),
    });
    expect(objectives[0]?.share).toEqual({ good: 3, total: 4 });
    expect(deadlines.map(({ date, status }) => [date, status])).toEqual([
      ["2026-04-07", "no_run"],
      ["2026-04-08", "on_time"],
      ["2026-04-09", "on_time"],
      ["2026-04-10", "on_time"],
    ]);
  });

  it("9: an exclusion that holds the deadline excuses the day, though it holds none of its runs", () => {
    const { objectives, deadlines } = score({
      agreement: {
        objectives: [succeeds, deadline({ on: { kind: "weekdays", weekdays: [3] } })],
        exclusions: [once("2026-03-18T05:30", "2026-03-18T06:30")],
      },
      runs: [failedRun("2026-03-18T04:00:00Z"), run("2026-03-18T06:00:00Z")],
    });
    expect(deadlines).toMatchObject([{ status: "excused" }]);
    expect(objectives).toMatchObject([
      { share: { good: 1, total: 2 } },
      { share: { good: 0, total: 0 }, raw: { good: 0, total: 1 }, excluded: 1 },
    ]);
  });

  it("10: an exclusion that holds the run but not the deadline leaves the day as it is", () => {
    const { objectives, deadlines } = score({
      agreement: {
        objectives: [succeeds, deadline({ on: { kind: "weekdays", weekdays: [3] } })],
        exclusions: [once("2026-03-18T04:00", "2026-03-18T05:00")],
      },
      runs: [run("2026-03-18T03:30:00Z")],
    });
    expect(deadlines).toMatchObject([{ status: "on_time" }]);
    expect(objectives).toMatchObject([
      { share: { good: 0, total: 0 } },
      { share: { good: 1, total: 1 }, excluded: 0 },
    ]);
  });

  it("11: a re-run in time makes the day on time and leaves a failed run", () => {
    const { objectives, deadlines } = score({
      agreement: { objectives: [succeeds, deadline({ on: { kind: "weekdays", weekdays: [1] } })] },
      runs: [failedRun("2026-03-16T03:00:00Z"), run("2026-03-16T04:30:00Z")],
    });
    expect(deadlines).toMatchObject([{ status: "on_time", attempts: 2 }]);
    expect(objectives).toMatchObject([{ share: { good: 1, total: 2 } }, { share: { good: 1, total: 1 } }]);
  });

  it("12: a backfill on Wednesday does not make up for Tuesday", () => {
    const tuesdayAndWednesday = deadline({ on: { kind: "weekdays", weekdays: [2, 3] } });
    const backfill = run("2026-03-18T08:00:00Z", { runUuid: uuidOf("backfill") });
    expect(days({ runs: [run("2026-03-18T04:00:00Z"), backfill] }, tuesdayAndWednesday)).toMatchObject([
      { date: "2026-03-17", status: "no_run", completedAt: null },
      { date: "2026-03-18", status: "on_time" },
    ]);
  });

  it("13: a window that opens on the evening before takes a run of the week before", () => {
    const monday = deadline({ opens: "22:00", on: { kind: "weekdays", weekdays: [1] } });
    const evening = run("2026-03-15T22:00:00Z");
    const { objectives, deadlines } = score({
      agreement: { objectives: [succeeds, monday] },
      runs: [evening],
    });
    expect(deadlines).toMatchObject([
      { date: "2026-03-16", opensAt: new Date("2026-03-15T21:00:00Z"), status: "on_time" },
    ]);
    expect(objectives).toMatchObject([{ share: { total: 0 } }, { share: { good: 1, total: 1 } }]);
  });

  it("14: the last day's grace may run past the week's end", () => {
    const lateNight = deadline({
      by: "23:50",
      opens: "01:00",
      graceMs: 30 * 60_000,
      on: { kind: "weekdays", weekdays: [7] },
    });
    const at = (changes: Case) => days({ runs: [run("2026-03-22T23:15:00Z")], ...changes }, lateNight);
    expect(at({})).toMatchObject([{ dueAt: new Date("2026-03-22T23:20:00Z"), status: "on_time" }]);
    expect(at({ asOf: new Date("2026-03-22T23:10:00Z") })).toMatchObject([{ status: "pending" }]);
    expect(at({ runs: [run("2026-03-22T23:25:00Z")] })).toMatchObject([{ status: "no_run" }]);
  });
});

describe("freshness", () => {
  const fresh = objective({ kind: "freshness", maxAgeMs: 26 * hourMs });

  it("15: the success before the week carries in, and excluded time is cut out of both sides", () => {
    const { objectives, freshnessGaps } = score({
      agreement: { objectives: [fresh], exclusions: [once("2026-03-16T23:00", "2026-03-17T01:00")] },
      runs: ["15T19", "16T23", "17T23", "18T23", "19T23", "20T23", "21T23"].map((at) =>
        run(`2026-03-${at}:00:00Z`),
      ),
    });
    expect(objectives[0]).toMatchObject({
      share: { good: 165 * 3600, total: 166 * 3600 },
      raw: { good: 166 * 3600, total: 168 * 3600 },
      excluded: 2 * 3600,
      allowedBad: 11_952,
    });
    expect(freshnessGaps).toEqual([
      {
        objective: "freshness",
        from: instant("2026-03-15T19:00:00Z"),
        to: instant("2026-03-16T23:00:00Z"),
        limitMs: 26 * hourMs,
        breachMs: hourMs,
      },
    ]);
  });

  it("16: an open tail ends at as-of", () => {
    const { objectives, freshnessGaps } = score({
      asOf: new Date("2026-03-16T22:00:00Z"),
      agreement: { objectives: [fresh] },
      runs: [run("2026-03-15T19:00:00Z")],
    });
    expect(objectives[0]?.share).toEqual({ good: 22 * 3600, total: 23 * 3600 });
    expect(freshnessGaps).toMatchObject([{ to: null, breachMs: hourMs }]);
  });

  it("17: before the first success ever, age counts from the first day in force", () => {
    const agreement = { objectives: [fresh], effectiveFrom: "2026-03-16" };
    expect(only({ agreement, runs: [run("2026-03-18T23:00:00Z")] }).share).toEqual({
      good: (26 + 26) * 3600,
      total: 168 * 3600,
    });
  });
});

describe("volume", () => {
  it("18: a day wholly excluded does not count, the runs of one partly excluded do", () => {
    const enough = objective({ kind: "volume", per: "day", atLeast: 2, on: { kind: "daily" } });
    const twoOn = (day: number) => [run(`2026-03-${day}T15:00:00Z`), run(`2026-03-${day}T16:00:00Z`)];
    expect(
      only({
        agreement: { objectives: [enough], exclusions: [once("2026-03-16T12:00", "2026-03-18T00:00")] },
        runs: [16, 18, 19, 20, 21].flatMap(twoOn),
      }),
    ).toMatchObject({ share: { good: 5, total: 6 }, raw: { good: 5, total: 7 }, excluded: 1 });
  });
});

describe("19: a week without a run", () => {
  it.each<[ObjectiveKind, ObjectiveMeasure, string, { good: number; total: number }]>([
    ["success", { kind: "success" }, "insufficient_data", { good: 0, total: 0 }],
    [
      "duration",
      { kind: "duration", atMostMs: hourMs, failed: "count" },
      "insufficient_data",
      { good: 0, total: 0 },
    ],
    [
      "deadline",
      { kind: "deadline", by: "06:00", on: { kind: "daily" }, opens: "00:00", graceMs: 0 },
      "missed",
      { good: 0, total: 7 },
    ],
    [
      "freshness",
      { kind: "freshness", maxAgeMs: 26 * hourMs },
      "missed",
      { good: 14 * 3600, total: 168 * 3600 },
    ],
    [
      "volume",
      { kind: "volume", per: "day", atLeast: 1, on: { kind: "daily" } },
      "missed",
      { good: 0, total: 7 },
    ],
  ])("of %s", (_, measure, verdict, share) => {
    const agreement = { objectives: [objective(measure)] };
    const covered = { agreement, runs: [run("2026-03-15T11:00:00Z")] };
    expect(only(covered)).toMatchObject({ verdict, share });
    expect(only({ ...covered, coverage: { syncedThrough: new Map() } }).verdict).toBe("insufficient_data");
  });
});

describe("weeks", () => {
  it("20: with nothing due are met when the history covers them, and say nothing when it does not", () => {
    const never = holidayCalendar("closed.ics", holiday("20260316", "20260323"));
    const closed: Case = {
      agreement: {
        calendar: { workdays: [1, 2, 3, 4, 5], holidays: never },
        objectives: [deadline({ on: { kind: "workdays" } })],
      },
    };
    expect(only(closed)).toMatchObject({ verdict: "met", reason: "there was no due day" });
    expect(only({ ...closed, coverage: { syncedThrough: new Map() } }).verdict).toBe("insufficient_data");
  });

  it("21: the 53rd of a year holds the first days of the next", () => {
    const { objectives, trend } = score({ week: "2026-W53", runs: [run("2027-01-01T11:00:00Z")] });
    expect(objectives[0]?.share.total).toBe(1);
    expect([trend.length, trend[0]?.week, trend.at(-1)?.week]).toEqual([13, "2026-W41", "2026-W53"]);
  });

  it("22: are in force from the first whole one on", () => {
    const { trend } = score({
      week: "2026-W13",
      agreement: { effectiveFrom: "2026-03-18" },
      runs: [run("2026-03-24T06:00:00Z")],
    });
    expect(trend.slice(-3).map(({ week, verdict }) => [week, verdict])).toEqual([
      ["2026-W11", "not_in_force"],
      ["2026-W12", "not_in_force"],
      ["2026-W13", "met"],
    ]);
  });
});

describe("incidents", () => {
  it("23: one over two weeks is open in the first and closed in the second", () => {
    const history = [failedRun("2026-03-22T19:00:00Z"), run("2026-03-23T05:00:00Z")];
    const openedAt = instant("2026-03-22T19:00:00Z");
    expect(score({ runs: history }).incidents).toMatchObject([
      { openedAt, closedAt: null, lastedMs: 4 * hourMs, inWeekMs: 4 * hourMs },
    ]);
    expect(score({ week: "2026-W13", runs: history }).incidents).toMatchObject([
      { openedAt, closedAt: instant("2026-03-23T05:00:00Z"), lastedMs: 10 * hourMs, inWeekMs: 6 * hourMs },
    ]);
  });

  it("24: recovery is meant over closed ones", () => {
    const history = [
      failedRun("2026-03-16T06:00:00Z"),
      run("2026-03-16T07:00:00Z"),
      failedRun("2026-03-16T17:00:00Z"),
      run("2026-03-16T20:00:00Z"),
      failedRun("2026-03-17T06:00:00Z"),
    ];
    expect(only({ runs: history }).recovery).toEqual({
      closedIncidents: 2,
      meanTimeToRecoverMs: 2 * hourMs,
      meanTimeBetweenFailuresMs: 10 * hourMs,
    });
  });

  it("25: bad days open at the due time and close at the success that is in time again", () => {
    const history = [
      failedRun("2026-03-16T04:00:00Z"),
      run("2026-03-17T06:00:00Z"),
      run("2026-03-18T04:00:00Z"),
    ];
    const early = deadline({ on: { kind: "weekdays", weekdays: [1, 2, 3] }, graceMs: 10 * 60_000 });
    const agreement = { objectives: [early], effectiveFrom: "2026-03-16" };
    expect(score({ agreement, runs: history }).incidents).toMatchObject([
      {
        openedAt: instant("2026-03-16T05:10:00Z"),
        closedAt: instant("2026-03-18T04:00:00Z"),
        badEvents: 2,
        errorMessage: "relation does not exist",
      },
    ]);
  });
});

describe("the bounds of a week", () => {
  it("30: an incident that a success at the next week's first instant closes is closed in that week", () => {
    const history = [failedRun("2026-03-22T22:10:00Z"), run("2026-03-22T23:00:00Z")];
    const opened = { openedAt: instant("2026-03-22T22:10:00Z"), lastedMs: 50 * 60_000 };
    const next = score({ week: "2026-W13", runs: history });
    expect(score({ runs: history }).incidents).toMatchObject([{ ...opened, closedAt: null }]);
    expect(next.incidents).toMatchObject([
      { ...opened, closedAt: instant("2026-03-22T23:00:00Z"), inWeekMs: 0 },
    ]);
    expect(next.objectives[0]?.recovery).toMatchObject({
      closedIncidents: 1,
      meanTimeToRecoverMs: 50 * 60_000,
    });
  });

  it("31: a success that serves the next week's Monday closes an incident in the week of its Sunday", () => {
    const overnight = deadline({ opens: "22:00", on: { kind: "weekdays", weekdays: [1, 2, 3, 4, 5, 6] } });
    const agreement = { objectives: [overnight], effectiveFrom: "2026-03-20" };
    const history = [run("2026-03-20T04:00:00Z"), run("2026-03-22T22:00:00Z")];
    const saturday = {
      openedAt: instant("2026-03-21T05:00:00Z"),
      closedAt: instant("2026-03-22T22:00:00Z"),
      badEvents: 1,
    };
    // Monday's deadline is still ahead.
    const asOf = new Date("2026-03-23T01:00:00Z");
    expect(score({ agreement, runs: history, asOf }).incidents).toMatchObject([saturday]);
    expect(score({ agreement, runs: history }).incidents).toMatchObject([saturday]);
    // Unless Monday is excused: then nothing is good about it.
    const exclusions = [once("2026-03-23T05:00", "2026-03-23T07:00")];
    expect(score({ agreement: { ...agreement, exclusions }, runs: history }).incidents).toMatchObject([
      { ...saturday, closedAt: null },
    ]);
    const next = score({ week: "2026-W13", agreement, runs: history });
    expect(next.incidentsBefore).toMatchObject([saturday]);
  });

  it("32: nothing is attained before the agreement is in force", () => {
    const fresh = objective({ kind: "freshness", maxAgeMs: 26 * hourMs });
    const agreement = { objectives: [fresh], effectiveFrom: "2026-03-18" };
    const { trend, objectives } = score({ agreement, runs: [run("2026-03-17T11:00:00Z")] });
    expect(trend.at(-2)).toMatchObject({ share: { good: 0, total: 0 }, verdict: "not_in_force" });
    expect(objectives[0]).toMatchObject({
      share: { good: 14 * 3600, total: 120 * 3600 },
      budgetLeft: null,
      burnRate: null,
      verdict: "not_in_force",
    });
    expect(objectives.map(attainedIn)).toEqual([null]);
  });
});

describe("changes of clocks", () => {
  it.each([
    ["Europe/Berlin", "2026-W13", 167],
    ["Europe/Berlin", "2026-W43", 169],
    ["Australia/Lord_Howe", "2026-W40", 167.5],
    ["Pacific/Apia", "2011-W52", 144],
  ])(
    "26: make weeks shorter or longer, and freshness counts what there is: %s %s",
    (timezone, week, hours) => {
      const fresh = objective({ kind: "freshness", maxAgeMs: 26 * hourMs });
      const agreement = { timezone, objectives: [fresh], effectiveFrom: "2011-01-01" };
      const coverage = { historyStart: new Date("2011-01-01T00:00:00Z") };
      expect(only({ week, agreement, coverage }).share.total).toBe(hours * 3600);
    },
  );

  it("27: leave the length of a recurring exclusion as it is", () => {
    const maintenance: Exclusion = {
      kind: "recurring",
      weekdays: [7],
      at: "02:00",
      forMs: 2 * hourMs,
      reason: "Maintenance",
      approvedBy: null,
    };
    const counted = (week: string, finishes: string[]) =>
      Array.from(
        score({ week, agreement: { exclusions: [maintenance] }, runs: finishes.map((at) => run(at)) }).runs,
        ({ isCounted }) => isCounted,
      );
    expect(
      counted("2026-W13", ["2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z", "2026-03-29T03:00:00Z"]),
    ).toEqual([true, false, true]);
    expect(
      counted("2026-W43", ["2026-10-25T00:00:00Z", "2026-10-25T01:59:59Z", "2026-10-25T02:00:00Z"]),
    ).toEqual([false, false, true]);
  });

  it("28: can skip a date, which then is no day", () => {
    const daily = deadline({ on: { kind: "daily" } });
    const enough = objective({ kind: "volume", per: "day", atLeast: 1, on: { kind: "daily" } });
    const { objectives, deadlines } = score({
      week: "2011-W52",
      agreement: { timezone: "Pacific/Apia", objectives: [daily, enough], effectiveFrom: "2011-01-01" },
      coverage: { historyStart: new Date("2011-01-01T00:00:00Z") },
    });
    expect(objectives.map(({ share }) => share.total)).toEqual([6, 6]);
    expect(deadlines.map(({ date }) => date.slice(-2))).toEqual(["26", "27", "28", "29", "31", "01"]);
  });
});

describe("holes", () => {
  it("29: a day that disagrees with the source is no day without a run", () => {
    const tuesdayAndWednesday = deadline({ on: { kind: "weekdays", weekdays: [2, 3] } });
    const { objectives, deadlines, incidents } = score({
      agreement: { objectives: [tuesdayAndWednesday], effectiveFrom: "2026-03-16" },
      runs: [run("2026-03-17T04:00:00Z")],
      coverage: { disputedDays: new Map([[orders.uuid, ["2026-03-18"]]]) },
    });
    expect(deadlines).toMatchObject([{ status: "on_time" }, { status: "pending" }]);
    expect(objectives).toMatchObject([{ share: { good: 1, total: 1 }, verdict: "insufficient_data" }]);
    expect(incidents).toEqual([]);
  });
});

/** By 06:00 every day, from midnight on, without grace. */
function deadline(changes: Partial<Extract<ObjectiveMeasure, { kind: "deadline" }>>) {
  return objective({
    kind: "deadline",
    by: "06:00",
    on: { kind: "daily" },
    opens: "00:00",
    graceMs: 0,
    ...changes,
  });
}

function days(changes: Case, due: ReturnType<typeof deadline>) {
  return score({ ...changes, agreement: { ...changes.agreement, objectives: [due] } }).deadlines;
}

function only(changes: Case) {
  const [result, ...others] = score(changes).objectives;
  if (result === undefined || others.length > 0) throw new Error("expected one objective");
  return inWords(result);
}

function once(from: string, to: string): Exclusion {
  return { kind: "once", from, to, reason: "Upgrade", approvedBy: null };
}

function holiday(first: string, end?: string): string {
  return [
    "BEGIN:VCALENDAR",
    "BEGIN:VEVENT",
    "UID:1",
    `DTSTART;VALUE=DATE:${first}`,
    ...(end === undefined ? [] : [`DTEND;VALUE=DATE:${end}`]),
    "END:VEVENT",
    "END:VCALENDAR",
  ].join("\r\n");
}
