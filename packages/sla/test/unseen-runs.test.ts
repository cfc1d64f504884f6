import fc from "fast-check";
import { expect, test } from "vitest";
import { valueOf, type Worth } from "../src/doubt/outcome.ts";
import { furthestOfRuns, type RunRules, type RunsInDoubt } from "../src/doubt/unseen-runs.ts";
import { unseenOf, type DayCounts } from "../src/doubt/unseen.ts";

const rules: Record<string, RunRules> = {
  success: { success: ["good"], failure: "bad" },
  duration: { success: ["good", "bad"], failure: "bad" },
  "duration of successful runs": { success: ["good", "bad"], failure: "out" },
};

/** Of a share of so many hundredths: below target or not, little budget left or not, few or many. */
const worths: Worth[] = [50, 75, 98, 100].flatMap((target) =>
  [
    { bad: 100, total: target - 100 },
    { bad: 400, total: 3 * (target - 100) },
    { bad: 0, total: 1 },
  ].flatMap((worth) => [worth, { bad: -worth.bad, total: -worth.total }]),
);

const few = fc.integer({ min: 0, max: 2 });
const seen = fc.record({ good: few, slow: few, failed: few });
const none = fc.constant({ good: 0, slow: 0, failed: 0 });
const missingRows = fc
  .record({ runs: few, failures: fc.nat(4), spareRows: fc.nat(4) })
  .filter(({ runs, failures, spareRows }) => failures <= runs + spareRows);

/** All of the stretch counts. */
const whole = fc.record({
  unseen: missingRows,
  counted: seen,
  uncounted: none,
  following: few,
  someCounts: fc.constant(true),
  someDoesNot: fc.constant(false),
});
const partly = fc.record({
  unseen: missingRows,
  counted: seen,
  uncounted: seen,
  following: few,
  someCounts: fc.constant(true),
  someDoesNot: fc.constant(true),
});

for (const [name, rule] of Object.entries(rules)) {
  test(`finds the outcome that is worth most, of all there can be: ${name}`, () => {
    fc.assert(
      fc.property(withoutSlow(whole, rule), (doubt) => {
        const outcomes = allOutcomes(doubt, rule);
        for (const worth of worths) {
          const found = furthestOfRuns(doubt, rule, worth);
          const best =
            outcomes.length === 0 ? null : Math.max(...outcomes.map((each) => valueOf(each, worth)));
          expect(found === null ? null : valueOf(found, worth) + 0).toBe(best === null ? null : best + 0);
          // It is one that there can be.
          expect(found === null || outcomes.some((each) => isSame(each, found))).toBe(true);
        }
      }),
      { numRuns },
    );
  });

  test(`passes over none where only part of the stretch counts: ${name}`, () => {
    fc.assert(
      fc.property(withoutSlow(partly, rule), (doubt) => {
        const outcomes = allOutcomes(doubt, rule);
        for (const worth of outcomes.length === 0 ? [] : worths) {
          const found = furthestOfRuns(doubt, rule, worth);
          const best = Math.max(...outcomes.map((outcome) => valueOf(outcome, worth)));
          expect(found === null ? null : valueOf(found, worth)).toBeGreaterThanOrEqual(best);
        }
      }),
      { numRuns },
    );
  });
}

const numRuns = Number(process.env["RUNLEDGER_PROPERTY_RUNS"] ?? 60);

/** Success does not know slow runs. */
function withoutSlow(doubts: fc.Arbitrary<RunsInDoubt>, rule: RunRules): fc.Arbitrary<RunsInDoubt> {
  if (rule.success.includes("bad")) return doubts;
  return doubts.map((doubt) => ({
    ...doubt,
    counted: { ...doubt.counted, slow: 0 },
    uncounted: { ...doubt.uncounted, slow: 0 },
  }));
}

interface Counted {
  bad: number;
  total: number;
}

interface Reached extends Counted {
  rows: number;
  failures: number;
}

/** Row by row: gives each run, seen or not, any number of the rows that are missing, and counts what comes of it. */
function allOutcomes(doubt: RunsInDoubt, rule: RunRules): Counted[] {
  const { unseen, counted, uncounted, following, someDoesNot } = doubt;
  const canBeSlow = rule.success.includes("bad");
  const places = someDoesNot ? [true, false] : [true];
  const runs: {
    isStored: boolean;
    isSlow: boolean;
    hasFailed: boolean;
    counts: boolean;
    mayFail: boolean;
  }[] = [];
  const add = (number: number, run: Partial<(typeof runs)[number]>) => {
    for (let count = 0; count < number; count += 1) {
      runs.push({ isStored: true, isSlow: false, hasFailed: false, counts: true, mayFail: true, ...run });
    }
  };
  for (const [group, counts] of [
    [counted, true],
    [uncounted, false],
  ] as const) {
    add(group.good, { counts });
    add(group.slow, { counts, isSlow: true });
    add(group.failed, { counts, hasFailed: true });
  }
  add(following, { mayFail: false });
  add(unseen.runs, { isStored: false });

  const score = (hasFailed: boolean, isSlow: boolean, counts: boolean): Counted => {
    if (!counts || (hasFailed && rule.failure === "out")) return { bad: 0, total: 0 };
    return { bad: hasFailed || isSlow ? 1 : 0, total: 1 };
  };
  let reached = new Map<string, Reached>();
  const note = (into: Map<string, Reached>, each: Reached) =>
    into.set([each.rows, each.failures, each.bad, each.total].join(), each);
  note(reached, { rows: unseen.runs + unseen.spareRows, failures: unseen.failures, bad: 0, total: 0 });
  for (const run of runs) {
    const next = new Map<string, Reached>();
    for (const from of reached.values()) {
      for (let rows = run.isStored ? 0 : 1; rows <= from.rows; rows += 1) {
        for (
          let failures = 0;
          failures <= Math.min(rows, from.failures, run.mayFail ? rows : 0);
          failures += 1
        ) {
          const hasFailed = run.hasFailed || failures > 0;
          const speeds = canBeSlow && rows > 0 && !run.isSlow ? [false, true] : [run.isSlow];
          for (const isSlow of speeds) {
            for (const counts of rows > 0 && run.mayFail ? places : [run.counts]) {
              const is = score(hasFailed, isSlow, counts);
              const was = run.isStored ? score(run.hasFailed, run.isSlow, run.counts) : { bad: 0, total: 0 };
              note(next, {
                rows: from.rows - rows,
                failures: from.failures - failures,
                bad: from.bad + is.bad - was.bad,
                total: from.total + is.total - was.total,
              });
            }
          }
        }
      }
    }
    reached = next;
  }
  // Rows that belong to no run there is would be a contradiction.
  return [...reached.values()].filter((each) => each.failures === 0 && each.rows === 0);
}

function isSame(a: Counted, b: Counted): boolean {
  return a.bad === b.bad && a.total === b.total;
}

const day = (counts: Partial<DayCounts>): DayCounts => ({
  storedRuns: 95,
  sourceRuns: 96,
  storedFailures: 4,
  sourceFailures: 4,
  storedTaskRuns: 190,
  sourceTaskRuns: 192,
  sourceTaskFailures: 4,
  ...counts,
});

test("counts what is missing of a day", () => {
  expect(unseenOf([day({})])).toEqual({ runs: 1, failures: 0, spareRows: 1 });
  expect(unseenOf([day({ sourceTaskRuns: 191, sourceFailures: 5 })])).toEqual({
    runs: 1,
    failures: 1,
    spareRows: 0,
  });
});

test("takes rows of tasks never seen for any number", () => {
  expect(unseenOf([day({ storedTaskRuns: 192 })])?.spareRows).toBe(Infinity);
  expect(unseenOf([day({ sourceRuns: 95, storedTaskRuns: 192, sourceFailures: 5 })])).toEqual({
    runs: 0,
    failures: 1,
    spareRows: Infinity,
  });
});

test.each([
  ["the source has fewer runs", [day({ storedRuns: 97 })]],
  ["the source has fewer failures", [day({ storedFailures: 5 })]],
  ["the source has fewer rows of the tasks", [day({ storedTaskRuns: 193 })]],
  ["nothing succeeded by figures that the tasks do not bear out", [day({ sourceFailures: 96 })]],
  ["a failure too many", [day({ sourceFailures: 97, sourceTaskFailures: 97 })]],
  ["a day has no counts", [day({}), undefined]],
  ["an earlier day has what a later one lacks", [day({ sourceRuns: 97 }), day({ storedRuns: 97 })]],
])("cannot count what is missing where %s", (_, days) => {
  expect(unseenOf(days)).toBeNull();
});

test("believes that nothing succeeded where the tasks say so, too", () => {
  const failed = day({ storedRuns: 0, sourceRuns: 1, storedFailures: 0, sourceFailures: 1 });
  expect(unseenOf([{ ...failed, storedTaskRuns: 0, sourceTaskRuns: 1, sourceTaskFailures: 1 }])).toEqual({
    runs: 1,
    failures: 1,
    spareRows: 0,
  });
});

test("takes days together whose runs reach from one into the next", () => {
  // The last rows of a run are missing, so it is stored on the first day.
  const days = [day({ storedRuns: 96, sourceRuns: 95 }), day({})];
  expect(unseenOf(days)).toEqual({ runs: 0, failures: 0, spareRows: 4 });
});
