import type { DayCounts, ObjectiveResult, Run } from "@runledger/sla";
import { inWords } from "./in-words.ts";
import fc from "fast-check";
import type { Agreement, Objective } from "@runledger/config";
import { describe, expect, test } from "vitest";
import { failedRun, objective, orders, run, runs, score } from "@runledger/sla/testing/sla-fixture";

/** One row of a run log; times are minutes from Sunday 15 March 00:00 UTC. */
interface Row {
  at: number;
  minutes: number;
  failed: boolean;
}

interface LoggedRun {
  rows: Row[];
}

const origin = Date.parse("2026-03-15T00:00:00Z");
const timeOf = (minute: number) => new Date(origin + minute * 60_000).toISOString();
const dayOf = (minute: number) => timeOf(minute).slice(0, 10);

const measures: Objective[] = [
  objective({ kind: "success" }),
  objective({ kind: "duration", atMostMs: 30 * 60_000, failed: "count" }, { id: "duration" }),
  objective({ kind: "duration", atMostMs: 30 * 60_000, failed: "exclude" }, { id: "duration-of-successful" }),
  objective({ kind: "deadline", by: "06:00", opens: "22:00", graceMs: 0, on: { kind: "daily" } }),
  objective(
    { kind: "deadline", by: "13:00", opens: "00:00", graceMs: 0, on: { kind: "daily" } },
    { id: "by-one" },
  ),
  objective({ kind: "freshness", maxAgeMs: 26 * 3_600_000 }),
  objective({ kind: "volume", per: "day", atLeast: 2, on: { kind: "daily" } }),
  objective({ kind: "volume", per: "day", atLeast: 1, on: { kind: "daily" } }, { id: "volume-of-one" }),
];

function toRun({ rows }: LoggedRun, index: number): Run {
  const finish = Math.max(...rows.map(({ at }) => at));
  const start = Math.min(...rows.map(({ at, minutes }) => at - minutes));
  const make = rows.some(({ failed }) => failed) ? failedRun : run;
  return make(timeOf(finish), {
    runUuid: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
    elapsedMs: (finish - start) * 60_000,
  });
}

/** The figures that a source would give of a day, and those of what is stored. */
function countsOn(day: string, source: readonly LoggedRun[], stored: readonly LoggedRun[]): DayCounts {
  const finishing = (all: readonly LoggedRun[]) =>
    all.filter(({ rows }) => dayOf(Math.max(...rows.map(({ at }) => at))) === day);
  const failures = (all: readonly LoggedRun[]) =>
    finishing(all).reduce((sum, { rows }) => sum + rows.filter(({ failed }) => failed).length, 0);
  const rowsOf = (all: readonly LoggedRun[]) =>
    all.flatMap(({ rows }) => rows).filter(({ at }) => dayOf(at) === day);
  return {
    storedRuns: finishing(stored).length,
    sourceRuns: finishing(source).length,
    storedFailures: failures(stored),
    sourceFailures: failures(source),
    storedTaskRuns: rowsOf(stored).length,
    sourceTaskRuns: rowsOf(source).length,
    sourceTaskFailures: rowsOf(source).filter(({ failed }) => failed).length,
  };
}

/** What is known of a history of which some rows are missing. */
function knowledgeOf(source: readonly LoggedRun[], isMissing: (row: Row) => boolean) {
  const parts = source.map((each) => ({ rows: each.rows.filter((row) => !isMissing(row)) }));
  const stored = parts.filter(({ rows }) => rows.length > 0);
  const days = new Set(
    source.flatMap((each, index) => {
      const part = parts[index]?.rows ?? [];
      if (part.length === each.rows.length) return [];
      const finishes = [each.rows, part].filter((rows) => rows.length > 0);
      return [
        ...each.rows.filter(isMissing).map(({ at }) => dayOf(at)),
        ...finishes.map((rows) => dayOf(Math.max(...rows.map(({ at }) => at)))),
      ];
    }),
  );
  return {
    stored,
    disputedDays: [...days].toSorted(),
    counts: new Map([...days].map((day) => [day, countsOn(day, source, stored)])),
  };
}

function results(
  all: readonly LoggedRun[],
  agreement: Partial<Agreement>,
  doubt?: { disputedDays: string[]; counts: Map<string, DayCounts> },
): readonly ObjectiveResult[] {
  return score({
    runs: all.map(toRun),
    agreement,
    latestSuccessBefore: "2025-12-20T00:00:00Z",
    ...(doubt && {
      coverage: {
        disputedDays: new Map([[orders.uuid, doubt.disputedDays]]),
        countsOfDays: new Map([[orders.uuid, doubt.counts]]),
      },
    }),
  }).objectives;
}

const rowsOfRun = fc
  .tuple(
    fc.integer({ min: 0, max: 8 * 24 * 60 }),
    fc.array(
      fc.record({
        gap: fc.constantFrom(1, 10, 45, 400),
        minutes: fc.constantFrom(0, 1, 9),
        failed: fc.nat(5),
      }),
      {
        minLength: 1,
        maxLength: 3,
      },
    ),
  )
  .map(([start, tasks]): LoggedRun => {
    let at = start;
    return {
      rows: tasks.map(({ gap, minutes, failed }) => ({ at: (at += gap), minutes, failed: failed === 0 })),
    };
  });

const targets = fc.constantFrom([1, 2], [3, 4], [9, 10], [99, 100], [1, 1]);
const terms = fc.record({
  targets: fc.tuple(...measures.map(() => targets)),
  minRuns: fc.constantFrom(1, 1, 5),
  isExcluding: fc.boolean(),
});

function agreementOf(drawn: typeof terms extends fc.Arbitrary<infer T> ? T : never): Partial<Agreement> {
  return {
    objectives: measures.map((each, index) => {
      const [numerator = 1, denominator = 1] = drawn.targets[index] ?? [];
      return { ...each, target: { numerator, denominator }, minRuns: drawn.minRuns };
    }),
    exclusions: drawn.isExcluding
      ? [{ kind: "once", from: "2026-03-18T05:00", to: "2026-03-18T09:00", reason: "Move", approvedBy: null }]
      : [],
  };
}

const numRuns = Number(process.env["RUNLEDGER_PROPERTY_RUNS"] ?? 150);

test("gives no verdict in doubt that what really happened does not give", () => {
  let given = 0;
  fc.assert(
    fc.property(
      fc.array(rowsOfRun, { maxLength: 16 }),
      fc.uniqueArray(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 2 }),
      fc.array(fc.boolean(), { minLength: 16, maxLength: 16 }),
      terms,
      (source, days, fates, drawn) => {
        const agreement = agreementOf(drawn);
        let index = 0;
        const missing = new Set(
          source
            .flatMap(({ rows }) => rows)
            .filter(({ at }) => days.includes(Math.floor(at / 1440)) && fates[index++ % fates.length]),
        );
        const { stored, ...doubt } = knowledgeOf(source, (row) => missing.has(row));
        const real = results(source, agreement);
        for (const [place, { id, verdict, reason }] of results(stored, agreement, doubt).entries()) {
          if (reason.kind !== "in_doubt") continue;
          given += 1;
          expect([id, verdict]).toEqual([id, real[place]?.verdict]);
        }
      },
    ),
    { numRuns },
  );
  expect(given).toBeGreaterThan(numRuns / 10);
});

/** Wednesday 18 March: minutes at which a run not seen may have finished, at all sides of every due time and midnight. */
const slots = [30, 270, 330, 750, 1290, 1410].map((minute) => 3 * 1440 + minute);

/** Every way in which so many runs of one row each may have gone on that day, so many of them failed. */
function* waysOf(runsLeft: number, failures: number, slot = 0): Generator<LoggedRun[]> {
  if (runsLeft === 0) {
    if (failures === 0) yield [];
    return;
  }
  for (let index = slot; index < slots.length; index += 1) {
    for (const failed of failures > 0 ? [true, false] : [false]) {
      for (const minutes of failed ? [1] : [1, 50]) {
        const rows = [{ at: slots[index] ?? 0, minutes, failed }];
        for (const others of waysOf(runsLeft - 1, failures - (failed ? 1 : 0), index)) {
          yield [{ rows }, ...others];
        }
      }
    }
  }
}

const runOfOneRow = fc
  .tuple(fc.integer({ min: 0, max: 8 * 24 * 60 }), fc.constantFrom(1, 50), fc.nat(4))
  .map(([at, minutes, failed]): LoggedRun => ({ rows: [{ at, minutes, failed: failed === 0 }] }));

test("gives the verdict that all outcomes give, and none where they differ", () => {
  const seen = { given: 0, withheld: 0 };
  fc.assert(
    fc.property(
      fc.array(runOfOneRow, { maxLength: 24 }),
      fc.constantFrom([1, 0], [1, 1], [2, 0], [2, 1], [2, 2], [1, 0]),
      terms.map((drawn) => ({ ...drawn, isExcluding: false })),
      (stored, [missing = 1, failures = 0], drawn) => {
        const agreement = agreementOf(drawn);
        const [first = []] = waysOf(missing, failures);
        const day = "2026-03-18";
        const counts = countsOn(day, [...stored, ...first], stored);
        // Where nothing of the day succeeded its figures are believed, for the tasks bear them out.
        const doubt = { disputedDays: [day], counts: new Map([[day, counts]]) };
        const verdicts = measures.map(() => new Set<string>());
        for (const way of waysOf(missing, failures)) {
          for (const [place, { verdict }] of results([...stored, ...way], agreement).entries()) {
            verdicts[place]?.add(verdict);
          }
        }
        for (const [place, { id, kind, verdict }] of results(stored, agreement, doubt).entries()) {
          const all = [...(verdicts[place] ?? [])];
          const isSame = all.length === 1;
          seen[isSame ? "given" : "withheld"] += 1;
          // Between these moments there are others, at which a success would make more time fresh, or less.
          if (kind === "freshness" && verdict === "insufficient_data") continue;
          expect([id, verdict]).toEqual([id, isSame ? all[0] : "insufficient_data"]);
        }
      },
    ),
    { numRuns: Math.ceil(numRuns / 6) },
  );
  expect(seen.given).toBeGreaterThan(0);
  expect(seen.withheld).toBeGreaterThan(0);
});

describe("worked by hand", () => {
  /** 672 runs, a quarter of an hour apart, the first 300 failed. */
  const quarterly = Array.from({ length: 672 }, (_, index) => {
    const finishedAt = new Date(Date.parse("2026-03-15T23:05:00Z") + index * 900_000).toISOString();
    return index < 300 ? failedRun(finishedAt) : run(finishedAt);
  });
  const counts = (changes: Partial<DayCounts>): DayCounts => ({
    storedRuns: 96,
    sourceRuns: 96,
    storedFailures: 0,
    sourceFailures: 0,
    storedTaskRuns: 192,
    sourceTaskRuns: 193,
    sourceTaskFailures: 0,
    ...changes,
  });
  const friday = (changes: Partial<DayCounts>, history: readonly Run[], objectives?: Objective[]) => {
    const [result] = score({
      runs: history,
      ...(objectives && { agreement: { objectives } }),
      coverage: {
        disputedDays: new Map([[orders.uuid, ["2026-03-20"]]]),
        countsOfDays: new Map([[orders.uuid, new Map([["2026-03-20", counts(changes)]])]]),
      },
    }).objectives;
    if (!result) throw new Error("no result");
    return inWords(result);
  };

  test("33. 300 of 672 failed, and one row of Friday is missing", () => {
    expect(friday({}, quarterly)).toMatchObject({
      verdict: "missed",
      share: { good: 372, total: 672 },
      fourWeeks: { good: 0, total: 0 },
      reason: "missed, whatever the 1 row not seen was (UTC 2026-03-20): 300 of 672 runs failed",
    });
  });

  test("34. three runs of Friday are missing, and how many of them failed is known or not", () => {
    const missing = { sourceRuns: 99, sourceTaskRuns: 198 };
    expect(friday(missing, quarterly).reason).toBe(
      "missed, whatever the 3 runs not seen were (UTC 2026-03-20): 300 of 675 runs failed",
    );
    expect(friday({ ...missing, sourceFailures: 2 }, quarterly).reason).toBe(
      "missed, whatever the 3 runs not seen were (UTC 2026-03-20): 301 to 302 of 675 runs failed",
    );
  });

  test("35. one failure more would miss the target", () => {
    // 13 of 672 may fail; 13 of 673, too.
    const thirteen = [...runs("2026-03-16T00:00:00Z", 0, 13), ...runs("2026-03-17T00:00:00Z", 659, 0)];
    const onWhole = (sourceFailures: number) =>
      friday({ sourceRuns: 97, sourceTaskRuns: 193, sourceFailures }, thirteen);
    expect(onWhole(0)).toMatchObject({ verdict: "at_risk" });
    expect(onWhole(1)).toMatchObject({ verdict: "missed" });
    const unknown = { sourceRuns: 97, sourceTaskRuns: 194, sourceFailures: 1 };
    expect(friday(unknown, thirteen)).toMatchObject({ verdict: "missed" });
    // A failed row of a run that is stored as a success, or of one that had failed already.
    const failedRow = { sourceFailures: 1, storedFailures: 0 };
    const some = [
      ...runs("2026-03-16T00:00:00Z", 0, 12),
      ...runs("2026-03-17T00:00:00Z", 658, 0),
      failedRun("2026-03-20T12:00:00Z"),
      run("2026-03-20T13:00:00Z"),
    ];
    expect(friday(failedRow, some)).toMatchObject({
      verdict: "insufficient_data",
      reason: "stored runs disagree with the source on 2026-03-20 (UTC)",
    });
  });

  test.each([
    ["the source has fewer runs than are stored", { sourceRuns: 95 }],
    ["the source gives no successes that its tasks do not bear out", { sourceRuns: 50, sourceFailures: 50 }],
  ])("nothing is said where %s", (_, changes) => {
    expect(friday(changes, quarterly)).toMatchObject({ verdict: "insufficient_data" });
  });

  test("36. a day without a run stays bad where the missing run failed, and could be good where it did not", () => {
    const daily = objective(
      { kind: "deadline", by: "06:00", opens: "00:00", graceMs: 0, on: { kind: "daily" } },
      { target: { numerator: 1, denominator: 1 } },
    );
    const all = ["16", "17", "18", "19", "21", "22"].map((day) => run(`2026-03-${day}T03:00:00Z`));
    const empty = { storedRuns: 0, storedTaskRuns: 0, sourceRuns: 1, sourceTaskRuns: 1 };
    const failed = { ...empty, sourceFailures: 1, sourceTaskFailures: 1 };
    expect(friday(failed, all, [daily])).toMatchObject({
      verdict: "missed",
      reason: "missed, whatever the 1 run not seen was (UTC 2026-03-20): 1 of 7 due days missed the deadline",
    });
    expect(friday(empty, all, [daily])).toMatchObject({ verdict: "insufficient_data" });
    // Two empty days, and one run not seen.
    expect(friday(empty, all.slice(1), [daily]).reason).toBe(
      "missed, whatever the 1 run not seen was (UTC 2026-03-20): 1 to 2 of 7 due days missed the deadline",
    );
  });
});

describe("what a missing row of Friday could do", () => {
  const all = { numerator: 1, denominator: 1 };
  const days = ["16", "17", "18", "19", "20", "21", "22"];
  const nightly = days.map((day) => run(`2026-03-${day}T03:00:00Z`));
  const daily = { kind: "daily" } as const;
  const byFive = objective(
    { kind: "deadline", by: "06:00", opens: "00:00", graceMs: 0, on: daily },
    { target: all },
  );
  /** Of one row that did not fail, unless `changes` have it otherwise. */
  const verdictOf = (
    objectives: Objective[],
    history: readonly Run[],
    changes: Partial<DayCounts> = {},
    agreement: Partial<Agreement> = {},
  ) => {
    const counts: DayCounts = {
      storedRuns: 5,
      sourceRuns: 5,
      storedFailures: 0,
      sourceFailures: 0,
      storedTaskRuns: 10,
      sourceTaskRuns: 11,
      sourceTaskFailures: 0,
      ...changes,
    };
    const { objectives: scored } = score({
      runs: history,
      latestSuccessBefore: "2025-12-20T00:00:00Z",
      agreement: { objectives, ...agreement },
      coverage: {
        disputedDays: new Map([[orders.uuid, ["2026-03-20"]]]),
        countsOfDays: new Map([[orders.uuid, new Map([["2026-03-20", counts]])]]),
      },
    });
    return scored[0]?.verdict;
  };
  const failed = { sourceFailures: 1 };

  test("a run may have ended after its deadline", () => {
    expect(verdictOf([byFive], nightly)).toBe("insufficient_data");
    expect(verdictOf([byFive], [...nightly, run("2026-03-20T04:00:00Z")])).toBe("met");
  });

  test("it ends within its day, so only a failed row loses a deadline that lies behind that", () => {
    const newYork = { timezone: "America/New_York" };
    const bySeven = { ...byFive, by: "21:00" };
    const evenings = days.map((day) => run(`2026-03-${day}T12:00:00Z`));
    expect(verdictOf([bySeven], evenings, {}, newYork)).toBe("met");
    expect(verdictOf([bySeven], evenings, failed, newYork)).toBe("insufficient_data");
  });

  test("a day with one success more than it needs can lose one", () => {
    const two = objective({ kind: "volume", per: "day", atLeast: 2, on: daily }, { target: all });
    const times = ["03:00", "04:00", "05:00"];
    const many = days.flatMap((day) => times.map((time) => run(`2026-03-${day}T${time}:00Z`)));
    const enough = many.filter((each) => !(each.runUuid === many.find(isOfFriday)?.runUuid));
    expect(verdictOf([two], many, failed)).toBe("met");
    expect(verdictOf([two], enough, failed)).toBe("insufficient_data");
  });

  test("a success that had failed would have let the data grow stale", () => {
    const fresh = objective({ kind: "freshness", maxAgeMs: 26 * 3_600_000 }, { target: all });
    const before = [run("2026-03-15T03:00:00Z"), ...nightly];
    expect(verdictOf([fresh], before, failed)).toBe("insufficient_data");
    expect(verdictOf([fresh], [...before, run("2026-03-19T23:30:00Z")], failed)).toBe("insufficient_data");
    const certain = [run("2026-03-19T23:59:00Z"), run("2026-03-21T00:00:00Z")];
    expect(verdictOf([fresh], [...before, ...certain], failed)).toBe("met");
  });

  test("a run that failed does not count where failed ones are left out, so there may be too few", () => {
    const quick = objective(
      { kind: "duration", atMostMs: 1_800_000, failed: "exclude" },
      { target: all, minRuns: 5 },
    );
    const five = [...nightly.slice(0, 5), failedRun("2026-03-20T05:00:00Z")];
    expect(verdictOf([quick], five, failed)).toBe("insufficient_data");
    expect(verdictOf([{ ...quick, minRuns: 4 }], five, failed)).toBe("met");
  });

  test("a run that ended after midnight may have begun on Friday", () => {
    const quick = objective(
      { kind: "duration", atMostMs: 1_800_000, failed: "count" },
      { target: { numerator: 1, denominator: 2 } },
    );
    const slow = run("2026-03-20T23:00:00Z", { elapsedMs: 3_600_000 });
    expect(verdictOf([quick], [slow, run("2026-03-21T00:05:00Z")])).toBe("insufficient_data");
    expect(verdictOf([quick], [slow, run("2026-03-22T00:05:00Z")])).toBe("at_risk");
  });

  test("a run not seen may have ended in excluded time, or in another week", () => {
    const missing = { sourceRuns: 6, sourceFailures: 1 };
    const thirteen = [...runs("2026-03-16T00:00:00Z", 0, 13), ...runs("2026-03-17T00:00:00Z", 659, 0)];
    const noon = { kind: "once", from: "2026-03-20T12:00", to: "2026-03-20T13:00", reason: "Move" } as const;
    const exclusions = [{ ...noon, approvedBy: null }];
    expect(verdictOf([objective({ kind: "success" })], thirteen, missing)).toBe("missed");
    expect(verdictOf([objective({ kind: "success" })], thirteen, missing, { exclusions })).toBe(
      "insufficient_data",
    );
  });

  test("a run stored a day too early is none too many", () => {
    const failures = runs("2026-03-16T00:00:00Z", 50, 50);
    const counts = {
      storedRuns: 5,
      storedFailures: 0,
      sourceFailures: 0,
      storedTaskRuns: 10,
      sourceTaskFailures: 0,
    };
    const { objectives: scored } = score({
      runs: [...failures, ...runs("2026-03-19T12:00:00Z", 5, 0), ...runs("2026-03-20T12:00:00Z", 5, 0)],
      coverage: {
        disputedDays: new Map([[orders.uuid, ["2026-03-19", "2026-03-20"]]]),
        countsOfDays: new Map([
          [
            orders.uuid,
            new Map([
              ["2026-03-19", { ...counts, sourceRuns: 4, sourceTaskRuns: 10 }],
              ["2026-03-20", { ...counts, sourceRuns: 6, sourceTaskRuns: 11 }],
            ]),
          ],
        ]),
      },
    });
    expect(scored).toMatchObject([{ verdict: "missed" }]);
  });
});

function isOfFriday({ finishedAt }: Run): boolean {
  return finishedAt >= Date.parse("2026-03-20T00:00:00Z") * 1000;
}
