import fc from "fast-check";
import { expect, test } from "vitest";
import type { Run } from "../src/runs/run.ts";
import type { Runs } from "../src/runs/runs.ts";
import { orders, runsOf, uuidOf } from "../src/testing/sla-fixture.ts";

const HORIZON = 12;

const template: Run = {
  runUuid: "",
  pipelineUuid: orders.uuid,
  startedAt: 0,
  finishedAt: 0,
  elapsedMs: 0,
  isSuccessful: true,
  taskCount: 1,
  failedTaskCount: 0,
  firstFailedTaskUuid: null,
  errorMessage: null,
};

/** Few instants, so that runs finish together and at the very ends of what is asked for. */
const instant = fc.integer({ min: -1, max: HORIZON + 1 });
const time = fc.record({ start: instant, end: instant });
const drawn = fc
  .array(fc.record({ at: fc.nat(HORIZON), elapsedMs: fc.nat(9), fails: fc.boolean() }), { maxLength: 12 })
  .map((each) =>
    each
      .toSorted((a, b) => a.at - b.at)
      .map(({ at, elapsedMs, fails }, index): Run => ({
        ...template,
        runUuid: uuidOf(`run${String(index).padStart(13, "0")}`),
        startedAt: at - elapsedMs * 1000,
        finishedAt: at,
        elapsedMs,
        isSuccessful: !fails,
        taskCount: index,
        failedTaskCount: fails ? 1 : 0,
        errorMessage: fails ? `message ${index}` : null,
      })),
  );

test("tells of the runs of a time what a list of them tells, also in memory of their own", () => {
  fc.assert(
    fc.property(drawn, time, time, instant, (all, { start, end }, inner, before) => {
      const listed = all.filter(({ finishedAt }) => finishedAt >= start && finishedAt < end);
      const runs = runsOf(orders.uuid, all).between({ start, end });
      for (const each of [runs, runs.detached()]) {
        expectSame(each, listed);
        expectSame(
          each.between(inner),
          listed.filter(({ finishedAt }) => finishedAt >= inner.start && finishedAt < inner.end),
        );
        expectSame(
          each.before(before),
          listed.filter(({ finishedAt }) => finishedAt < before),
        );
        expect(each.latestSuccessBefore(before)).toBe(
          listed.findLast(({ isSuccessful, finishedAt }) => isSuccessful && finishedAt < before)
            ?.finishedAt ?? null,
        );
      }
    }),
  );
});

test("knows of each run the exclusion that it finished in, whatever part of them is asked", () => {
  const bounds = fc.uniqueArray(fc.nat(HORIZON), { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(drawn, bounds, time, (all, unordered, part) => {
      const [a = 0, b = 0, c = 0, d = 0] = unordered.toSorted((one, other) => one - other);
      // Exclusions begin and end at whole milliseconds; the runs of this test finish at such.
      const inMs = all.map((run) => ({ ...run, finishedAt: run.finishedAt * 1000 }));
      const exclusions = [
        { start: new Date(a), end: new Date(b), reason: "first" },
        { start: new Date(c), end: new Date(d), reason: "second" },
      ];
      const asked = { start: part.start * 1000, end: part.end * 1000 };
      const excluded = runsOf(orders.uuid, inMs).excluding(exclusions);
      const expected = inMs
        .filter(({ finishedAt }) => finishedAt >= asked.start && finishedAt < asked.end)
        .map(({ finishedAt }) => {
          const of = exclusions.find(
            ({ start, end }) => +start * 1000 <= finishedAt && finishedAt < +end * 1000,
          );
          return of?.reason ?? null;
        });
      for (const runs of [excluded.between(asked), excluded.between(asked).detached()]) {
        expect(Array.from(runs, ({ whyNot }) => whyNot)).toEqual(expected);
        expect(Array.from(runs, ({ isCounted }) => isCounted)).toEqual(expected.map((each) => each === null));
        expect([...runs.counted()]).toEqual(expected.map((each) => (each === null ? 1 : 0)));
      }
      expect([...runsOf(orders.uuid, inMs).counted()]).toEqual(inMs.map(() => 1));
    }),
  );
});

test("moves one view from run to run, another in a loop inside the loop", () => {
  const runs = runsOf(
    orders.uuid,
    [1, 2, 3].map((at) => ({ ...template, finishedAt: at, runUuid: uuidOf(String(at)) })),
  );
  expect(new Set(runs).size).toBe(1);
  const pairs: number[][] = [];
  for (const one of runs) for (const other of runs) pairs.push([one.finishedAt, other.finishedAt]);
  expect(pairs).toEqual([1, 2, 3].flatMap((one) => [1, 2, 3].map((other) => [one, other])));
});

function expectSame(runs: Runs, listed: readonly Run[]): void {
  expect(runs.length).toBe(listed.length);
  expect(Array.from(runs, (run) => run.toRun())).toEqual(listed);
  const read = Array.from(runs, (run) => [
    run.finishedAt,
    run.elapsedMs,
    run.isSuccessful,
    run.failure()?.errorMessage ?? null,
  ]);
  expect(read).toEqual(
    listed.map((run) => [run.finishedAt, run.elapsedMs, run.isSuccessful, run.errorMessage]),
  );
  expect(runs.countSuccessful()).toBe(listed.filter(({ isSuccessful }) => isSuccessful).length);
  // The hashed bytes are those of runs that were never among others.
  const alone = runsOf(orders.uuid, listed);
  expect(bytesOf(runs.content())).toEqual(bytesOf(alone.content()));
  expect(bytesOf(runs.outcomes())).toEqual(bytesOf(alone.outcomes()));
}

function bytesOf(pieces: Iterable<Uint8Array | string>): string {
  return Array.from(pieces, (piece) => Buffer.from(piece).toString("hex")).join("\n");
}
