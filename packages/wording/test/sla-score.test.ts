import type { Coverage } from "@runledger/sla";
import { inWords } from "./in-words.ts";
import type { Exclusion } from "@runledger/config";
import { describe, expect, it } from "vitest";
import {
  type Case,
  billing,
  failedRun,
  instant,
  loadOrders,
  objective,
  orders,
  run,
  runs,
  score,
  succeeds,
  uuidOf,
} from "@runledger/sla/testing/sla-fixture";

const monday = "2026-03-16T06:00:00.000Z";
const tuesday = "2026-03-17T06:00:00.000Z";
const wednesday = "2026-03-18T06:00:00.000Z";

/** Tuesday 06:00 to 08:00 in Berlin, which holds `tuesday`. */
const upgrade: Exclusion = {
  kind: "once",
  from: "2026-03-17T06:00",
  to: "2026-03-17T08:00",
  reason: "DB upgrade CHG-1234",
  approvedBy: "change-board",
};

describe("success", () => {
  it("is the share of successful runs", () => {
    expect(result({ runs: runs(monday, 165, 3) })).toEqual({
      id: "success",
      pipelineUuid: orders.uuid,
      pipelineName: "orders",
      kind: "success",
      definition: "Successful runs, of all runs",
      target: { numerator: 98, denominator: 100 },
      share: { good: 165, total: 168 },
      raw: { good: 165, total: 168 },
      excluded: 0,
      allowedBad: 3,
      budgetLeft: (168 * 2 - 3 * 100) / (168 * 2),
      burnRate: (3 * 100) / (168 * 2),
      fourWeeks: { good: 165, total: 168 },
      previous: null,
      verdict: "at_risk",
      reason: "3 of 168 runs failed; 3 were allowed",
      recovery: { closedIncidents: 1, meanTimeToRecoverMs: 180_000, meanTimeBetweenFailuresMs: null },
      terms: { kind: "success" },
    });
  });

  it("gives a run to the week that holds its finish, the week's end to the next", () => {
    const trend = score({
      week: "2026-W13",
      runs: [
        run("2026-03-15T22:59:59.999Z"),
        run("2026-03-15T23:00:00.000Z"),
        run("2026-03-22T22:59:59.999Z"),
        run("2026-03-22T23:00:00.000Z"),
      ],
    }).trend;
    expect(trend.slice(-3).map(({ week, share }) => [week, share.total])).toEqual([
      ["2026-W11", 1],
      ["2026-W12", 2],
      ["2026-W13", 1],
    ]);
  });

  it("takes out runs that finish in excluded time, however they went, and keeps them in the raw figure", () => {
    const agreement = { exclusions: [upgrade] };
    expect(result({ agreement, runs: [run(monday), failedRun(tuesday), run(wednesday)] })).toMatchObject({
      share: { good: 2, total: 2 },
      raw: { good: 2, total: 3 },
      excluded: 1,
      verdict: "met",
    });
    expect(result({ agreement, runs: [failedRun(monday), run(tuesday)] })).toMatchObject({
      share: { good: 0, total: 1 },
      raw: { good: 1, total: 2 },
      verdict: "missed",
    });
  });

  it("counts a run that starts in excluded time and finishes after it", () => {
    const late = failedRun("2026-03-17T07:00:00.000Z", { elapsedMs: 3_600_000 });
    expect(result({ agreement: { exclusions: [upgrade] }, runs: [late] }).share).toEqual({
      good: 0,
      total: 1,
    });
  });

  it("looks at the runs of its own pipeline only", () => {
    expect(result({ runs: [run(monday), failedRun(tuesday, { pipelineUuid: billing.uuid })] }).share).toEqual(
      {
        good: 1,
        total: 1,
      },
    );
  });
});

describe("duration", () => {
  const atMostMs = 45 * 60_000;
  const week = [
    run(monday, { elapsedMs: atMostMs }),
    run(tuesday, { elapsedMs: atMostMs + 1 }),
    failedRun(wednesday, { elapsedMs: 1 }),
  ];

  it("has successful runs that take at most so long as good, failed ones as bad", () => {
    const fast = objective({ kind: "duration", atMostMs, failed: "count" });
    expect(result({ agreement: { objectives: [fast] }, runs: week })).toMatchObject({
      definition: "Successful runs that take at most 45 min, of all runs",
      share: { good: 1, total: 3 },
      reason: "2 of 3 runs failed or took longer than 45 min; none was allowed",
    });
  });

  it("leaves failed runs out when told so", () => {
    const fast = objective({ kind: "duration", atMostMs, failed: "exclude" });
    expect(result({ agreement: { objectives: [fast] }, runs: week })).toMatchObject({
      definition: "Successful runs that take at most 45 min, of the successful runs",
      share: { good: 1, total: 2 },
      raw: { good: 1, total: 2 },
      excluded: 0,
      reason: "1 of 2 successful runs took longer than 45 min; none was allowed",
    });
  });

  it("lets a failed run that is left out neither lengthen nor close an incident", () => {
    const fast = objective({ kind: "duration", atMostMs, failed: "exclude" });
    expect(score({ agreement: { objectives: [fast] }, runs: week }).incidents).toMatchObject([
      { openedAt: instant(tuesday), closedAt: null, badEvents: 1, firstFailedTask: null },
    ]);
  });

  it.each([
    [90_000, "1 min 30 s"],
    [93_600_000, "26 h"],
    [3_600_500, "1 h 500 ms"],
  ])("tells a limit of %d ms as %s", (limitMs, words) => {
    const fast = objective({ kind: "duration", atMostMs: limitMs, failed: "count" });
    expect(result({ agreement: { objectives: [fast] } }).definition).toContain(`at most ${words},`);
  });
});

describe("the verdict", () => {
  it.each([
    ["met", 100, 0, "none of 100 runs failed; 2 were allowed"],
    ["met", 99, 1, "1 of 100 runs failed; 2 were allowed"],
    ["at_risk", 98, 2, "2 of 100 runs failed; 2 were allowed"],
    ["missed", 97, 3, "3 of 100 runs failed; 2 were allowed"],
    ["missed", 0, 1, "1 of 1 run failed; none was allowed"],
    ["at_risk", 59, 1, "1 of 60 runs failed; 1 was allowed"],
  ])("is %s with %d good and %d bad at 98 %%", (verdict, good, bad, reason) => {
    expect(result({ runs: runs(monday, good, bad) })).toMatchObject({ verdict, reason });
  });

  it("is met at 100 % with nothing bad, with no budget to be at risk", () => {
    const always = objective({ kind: "success" }, { target: { numerator: 100, denominator: 100 } });
    expect(result({ agreement: { objectives: [always] }, runs: runs(monday, 5, 0) }).verdict).toBe("met");
    expect(result({ agreement: { objectives: [always] }, runs: runs(monday, 5, 1) }).verdict).toBe("missed");
  });

  it("lacks data without a run, and says whether exclusions took them", () => {
    expect(result({})).toMatchObject({ verdict: "insufficient_data", reason: "there was no run" });
    expect(result({ agreement: { exclusions: [upgrade] }, runs: [run(tuesday)] })).toMatchObject({
      verdict: "insufficient_data",
      reason: "no run counted; 1 was excluded",
    });
  });

  it("lacks data below the least number of runs, which excluded ones do not add to", () => {
    const objectives = [objective({ kind: "success" }, { minRuns: 3 })];
    const three = [run(monday), run(tuesday), failedRun(wednesday)];
    expect(result({ agreement: { objectives }, runs: three }).verdict).toBe("missed");
    expect(result({ agreement: { objectives, exclusions: [upgrade] }, runs: three })).toMatchObject({
      verdict: "insufficient_data",
      reason: "2 runs counted; at least 3 are needed",
    });
  });

  it.each<[string, Partial<Coverage>, string]>([
    [
      "the history starts after the week does",
      { historyStart: new Date("2026-03-16T00:00:00Z") },
      "the history starts only at 2026-03-16 00:00 UTC",
    ],
    ["the pipeline was never synced", { syncedThrough: new Map() }, "the pipeline was never synced"],
    [
      "the pipeline is not synced through the week's end",
      { syncedThrough: new Map([[orders.uuid, new Date("2026-03-22T22:59:59.999Z")]]) },
      "the pipeline is synced only through 2026-03-22 22:59 UTC",
    ],
    [
      "a day of the week is disputed",
      { disputedDays: new Map([[orders.uuid, ["2026-03-14", "2026-03-15", "2026-03-22", "2026-03-23"]]]) },
      "stored runs disagree with the source on 2026-03-15, 2026-03-22 (UTC)",
    ],
  ])("lacks data when %s", (_, coverage, reason) => {
    expect(result({ coverage, runs: runs(monday, 5, 5) })).toMatchObject({
      verdict: "insufficient_data",
      reason,
    });
  });

  it.each<[string, Partial<Coverage>]>([
    ["the history starts with the week", { historyStart: new Date("2026-03-15T23:00:00Z") }],
    [
      "the pipeline is synced through the week's end",
      { syncedThrough: new Map([[orders.uuid, new Date("2026-03-22T23:00:00Z")]]) },
    ],
    ["only other pipelines are disputed", { disputedDays: new Map([[billing.uuid, ["2026-03-18"]]]) }],
  ])("stands when %s", (_, coverage) => {
    expect(result({ coverage, runs: runs(monday, 5, 0) }).verdict).toBe("met");
  });

  it("stands when only the days beside the week are disputed", () => {
    const disputedDays = new Map([[orders.uuid, ["2026-03-15", "2026-03-23"]]]);
    const utc = { agreement: { timezone: "UTC" }, coverage: { disputedDays }, runs: runs(monday, 5, 0) };
    expect(result(utc).verdict).toBe("met");
  });

  it("stands in a week that is not over when the pipeline is synced through as-of", () => {
    const asOf = new Date(wednesday);
    const open = (through: string) =>
      result({
        asOf,
        coverage: { syncedThrough: new Map([[orders.uuid, new Date(through)]]) },
        runs: runs(monday, 5, 0),
      });
    expect(open(wednesday).verdict).toBe("met");
    expect(open(tuesday).verdict).toBe("insufficient_data");
  });

  it("is of whole weeks: the first in force starts on the first day or later", () => {
    const verdictFrom = (effectiveFrom: string) =>
      result({ agreement: { effectiveFrom }, runs: runs(monday, 5, 5) }).verdict;
    expect(verdictFrom("2026-03-16")).toBe("missed");
    expect(verdictFrom("2026-03-17")).toBe("not_in_force");
    expect(verdictFrom("2026-03-23")).toBe("not_in_force");
  });

  it("is not in force rather than lacking data when both are so", () => {
    expect(
      result({ agreement: { effectiveFrom: "2026-03-18" }, coverage: { syncedThrough: new Map() } }),
    ).toMatchObject({
      verdict: "not_in_force",
      reason: "in force in whole weeks from 2026-03-18 on",
    });
  });
});

describe("looking back", () => {
  const february23 = "2026-02-23T06:00:00Z";
  const march2 = "2026-03-02T06:00:00Z";
  const march9 = "2026-03-09T06:00:00Z";

  it("pools the counts of four weeks and averages nothing", () => {
    const history = [
      ...runs("2026-02-16T06:00:00Z", 0, 50),
      ...runs(february23, 90, 10),
      ...runs(march2, 1, 0),
      ...runs(march9, 1, 1),
      ...runs(monday, 10, 0),
    ];
    expect(result({ runs: history })).toMatchObject({
      fourWeeks: { good: 102, total: 113 },
      previous: { good: 1, total: 2 },
    });
  });

  it("pools weeks with too few runs for a verdict, and has no share before this week of them", () => {
    const objectives = [objective({ kind: "success" }, { minRuns: 5 })];
    const history = [...runs(march9, 1, 1), ...runs(monday, 10, 0)];
    expect(result({ agreement: { objectives }, runs: history })).toMatchObject({
      fourWeeks: { good: 11, total: 12 },
      previous: null,
    });
  });

  it("pools nothing of weeks that are not in force or not whole", () => {
    const history = [...runs(march2, 5, 5), ...runs(march9, 5, 5), ...runs(monday, 10, 0)];
    expect(result({ agreement: { effectiveFrom: "2026-03-10" }, runs: history })).toMatchObject({
      fourWeeks: { good: 10, total: 10 },
      previous: null,
    });
    expect(
      result({ coverage: { disputedDays: new Map([[orders.uuid, ["2026-03-04"]]]) }, runs: history })
        .fourWeeks,
    ).toEqual({ good: 15, total: 20 });
  });

  it("shows 13 weeks of each objective, oldest first, with the exclusions of their time", () => {
    const objectives = [succeeds, objective({ kind: "success" }, { id: "billed", pipeline: billing })];
    const yearEnd: Exclusion = { ...upgrade, from: "2025-12-24T00:00", to: "2026-01-02T00:00" };
    const { trend } = score({
      agreement: { objectives, exclusions: [yearEnd] },
      runs: [
        ...runs("2025-12-23T06:00:00Z", 3, 0),
        ...runs("2025-12-25T06:00:00Z", 0, 4),
        ...runs(monday, 9, 1),
      ],
    });
    expect(trend).toHaveLength(26);
    expect(trend[0]).toEqual({
      week: "2025-W52",
      objective: "success",
      share: { good: 3, total: 3 },
      verdict: "met",
    });
    expect(trend[12]).toEqual({
      week: "2026-W12",
      objective: "success",
      share: { good: 9, total: 10 },
      verdict: "missed",
    });
    expect(trend[25]).toMatchObject({ week: "2026-W12", objective: "billed", verdict: "insufficient_data" });
  });
});

describe("incidents", () => {
  it("shows those that touch the week, those from before it too, in order of opening", () => {
    const slow = objective({ kind: "duration", atMostMs: 60_000, failed: "exclude" });
    const { incidents } = score({
      agreement: { objectives: [slow, succeeds] },
      runs: [
        failedRun("2026-03-09T06:00:00Z"),
        run("2026-03-10T06:00:00Z"),
        failedRun("2026-03-15T06:00:00Z"),
        failedRun(monday),
        run(tuesday),
        failedRun("2026-03-24T06:00:00Z"),
      ],
      taskNames: new Map([[loadOrders, "Load orders"]]),
    });
    expect(
      incidents.map(({ objective: id, openedAt, closedAt, badEvents }) => [
        id,
        openedAt,
        closedAt,
        badEvents,
      ]),
    ).toEqual([
      ["duration", instant("2026-03-10T06:00:00Z"), null, 2],
      ["success", instant("2026-03-15T06:00:00Z"), instant(tuesday), 2],
    ]);
  });

  it("leaves one open that the week did not see closed, whatever happened since", () => {
    const { incidents } = score({ runs: [failedRun(monday), run("2026-03-23T06:00:00Z")] });
    expect(incidents).toMatchObject([{ closedAt: null }]);
  });

  it("opens none before the agreement is in force", () => {
    const { incidents } = score({
      agreement: { effectiveFrom: "2026-03-17" },
      runs: [failedRun(monday), failedRun(tuesday), run(wednesday)],
    });
    expect(incidents).toMatchObject([{ openedAt: instant(tuesday), badEvents: 1 }]);
  });

  it("puts runs that finish together in order by UUID, however they come", () => {
    const together = [
      failedRun(monday, { runUuid: uuidOf("a"), errorMessage: "of a" }),
      run(monday, { runUuid: uuidOf("b") }),
      failedRun(monday, { runUuid: uuidOf("c"), errorMessage: "of c" }),
    ];
    const forward = score({ runs: together });
    expect(score({ runs: together.toReversed() })).toEqual(forward);
    expect(forward.incidents).toMatchObject([{ badEvents: 2, errorMessage: "of a" }]);
  });
});

describe("the evidence", () => {
  it("has the week's runs by pipeline and finish, each once, with the reason why one does not count", () => {
    const objectives = [
      succeeds,
      objective({ kind: "duration", atMostMs: 60_000, failed: "count" }),
      objective({ kind: "success" }, { id: "billed", pipeline: billing }),
    ];
    const { runs: found } = score({
      agreement: { objectives, exclusions: [upgrade] },
      runs: [
        run(monday, { pipelineUuid: billing.uuid, runUuid: uuidOf("billing") }),
        failedRun(tuesday),
        run(monday),
        run("2026-03-15T22:00:00Z"),
        run("2026-03-22T23:00:00Z"),
      ],
    });
    const evidence = [...found];
    expect(evidence.map(({ runUuid, pipelineName }) => [runUuid, pipelineName])).toEqual([
      [uuidOf(monday), "orders"],
      [uuidOf(tuesday), "orders"],
      [uuidOf("billing"), "billing"],
    ]);
    expect(evidence[0]).toMatchObject({
      isCounted: true,
      whyNot: null,
      elapsedMs: 600_000,
      errorMessage: null,
    });
    expect(evidence[1]).toMatchObject({
      isCounted: false,
      whyNot: "DB upgrade CHG-1234",
      failedTaskCount: 1,
      errorMessage: "relation does not exist",
    });
  });
});

it("hashes runs as it always did: stored reports are compared with these hashes", () => {
  const { runHashes, countedHash } = score({
    runs: [run("2026-03-16T06:00:00.250Z", { elapsedMs: 1000.5 }), failedRun("2026-03-17T06:00:00Z")],
  });
  expect([runHashes[orders.uuid], countedHash]).toEqual([
    "7c158b655c3c7bf57106a776bc279898d946552b5276ac00e3319d68d165f6f0",
    "bbea99a77665cc104e4342af56955f5c7b235c40fb122963e3e7bc377244b442",
  ]);
});

function result(changes: Case) {
  const [only, ...others] = score(changes).objectives;
  if (only === undefined || others.length > 0) throw new Error("expected one objective");
  return inWords(only);
}
