import { exitCode } from "@runledger/cli";
import fc from "fast-check";
import { expect, test } from "vitest";
import { sync } from "../src/commands/sync.ts";
import { addDays, dayOf } from "../src/sync/windows/days.ts";
import {
  at,
  coverageOf,
  CRM,
  DAY_S,
  ORDERS,
  rowsOf,
  setUp,
  sourceRows,
  START,
  storedRows,
  taskShape,
  type RunShape,
} from "./sync-world.ts";

/** Most rows are in time, some minutes late, some days; a run's rows can be late one by one. */
const lateTask = fc
  .record({
    task: taskShape,
    lateMs: fc.oneof(
      { weight: 3, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.nat(3 * 3_600_000) },
      { weight: 1, arbitrary: fc.nat(3 * 86_400_000) },
    ),
  })
  .map(({ task, lateMs }) => ({ ...task, lateMs }));

/** Runs over five days, some longer than a day, many at the bounds of days. */
const lateRuns: fc.Arbitrary<RunShape[]> = fc.array(
  fc.record({
    startSecond: fc.oneof(fc.nat(5 * DAY_S), fc.constantFrom(0, DAY_S - 1, DAY_S, 2 * DAY_S - 1, 3 * DAY_S)),
    tasks: fc.array(
      fc.oneof(
        { weight: 9, arbitrary: lateTask },
        { weight: 1, arbitrary: lateTask.map((task) => ({ ...task, durationMs: 100_000_000 })) },
      ),
      { minLength: 1, maxLength: 3 },
    ),
  }),
  { maxLength: 40 },
);

/** All tasks ran once, in time: of a task never seen no statistics are asked for. */
const firstRun: RunShape = {
  startSecond: 0,
  tasks: [1, 2, 3].map(() => ({ isSuccessful: true, durationMs: 0, micros: 1, copies: 1 })),
};

const nights = fc.uniqueArray(fc.integer({ min: 3600, max: 8 * DAY_S }), { minLength: 1, maxLength: 5 });

test.each(["server", "unsigned", "reference"] as const)(
  "holds what the source has after the last of some nights, however late it came, and proves it: %s dialect",
  async (dialect) => {
    await fc.assert(
      fc.asyncProperty(lateRuns, lateRuns, nights, async (orders, crm, seconds) => {
        const rows = [...rowsOf(ORDERS, [firstRun, ...orders]), ...rowsOf(CRM, [firstRun, ...crm])];
        const last = at(10 * DAY_S + 3600 * 12);
        await using world = await setUp(rows, { now: last, dialect });
        for (const second of seconds.toSorted((a, b) => a - b)) {
          expect(await sync(world.at(at(second)), {})).toBe(exitCode.done);
        }
        expect(await sync(world.at(last), {})).toBe(exitCode.done);
        expect(await storedRows(world.history)).toEqual(sourceRows(rows));
        for (const pipeline of [ORDERS, CRM]) {
          expect(await coverageOf(world.history, pipeline)).toEqual(provenBefore(last));
        }
        await expectPeriodsOf(world, last, dialect === "unsigned");
      }),
      // Shrinking would outlast the test; a failure prints its seed.
      { numRuns: 4, endOnFailure: true },
    );
  },
);

function provenBefore(now: Date): Record<string, string> {
  const today = dayOf(now);
  const states: Record<string, string> = { [today]: "open" };
  for (let day = "2026-03-01"; day < today; day = addDays(day, 1)) {
    states[day] = "proven";
  }
  return states;
}

/** Statistics of days, and of the weeks that have closed, are those that the source has now. */
async function expectPeriodsOf(
  { history, source }: Awaited<ReturnType<typeof setUp>>,
  now: Date,
  isUnsigned: boolean,
): Promise<void> {
  const today = Date.parse(dayOf(now)) / 1000;
  const { rows } = await history.pool.query(
    `select subject_uuid as uuid, period, extract(epoch from date_from)::int as from, num_of_successes as successes,
            num_of_failures as failures, average_duration_ms as mean
     from runledger.period_stats
     where subject_kind = 'pipeline' and is_sound and (period = 'day' or period = 'week' and date_to <= $1)`,
    [now],
  );
  const expected = [ORDERS, CRM].flatMap((uuid) =>
    (["day", "week"] as const).flatMap((period) =>
      source
        .aggregatedStats("pipeline", uuid, START - 30 * DAY_S, period, 100, now)
        .filter(
          ({ fromSec, toSec }) =>
            fromSec >= (period === "day" ? START : 0) && (period === "day" || toSec < today),
        )
        .filter(({ successes }) => !isUnsigned || successes >= 0)
        .map((stats) => ({
          uuid,
          period,
          from: stats.fromSec,
          successes: stats.successes,
          failures: stats.failures,
          mean: stats.averageDurationMs,
        })),
    ),
  );
  expect(rows).toHaveLength(expected.length);
  expect(rows).toEqual(expect.arrayContaining(expected));
}
