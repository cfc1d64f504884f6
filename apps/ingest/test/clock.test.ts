import { exitCode } from "@runledger/cli";
import fc from "fast-check";
import { expect, test } from "vitest";
import { backfill } from "../src/commands/backfill.ts";
import { sync } from "../src/commands/sync.ts";
import { verify } from "../src/commands/verify.ts";
import { dayOf } from "../src/sync/windows/days.ts";
import {
  at,
  coverageOf,
  DAY_S,
  ORDERS,
  rowsOf,
  runShapes,
  setUp,
  sourceRows,
  storedRows,
} from "./sync-world.ts";

type World = Awaited<ReturnType<typeof setUp>>;

const MINUTE_MS = 60_000;
const later = (instant: Date, ms: number) => new Date(instant.getTime() + ms);

/** A night on which the source's clock shows `instant` and this machine's is ahead of it. */
function nightAhead(world: World, instant: Date, leadMs: number) {
  world.at(instant);
  return world.context(later(instant, leadMs));
}

/** What is said of a time that has not been, by the source's clock; the test itself takes some seconds. */
async function saidBeyond({ history }: World, instant: Date): Promise<object[]> {
  const { rows } = await history.pool.query<object>(
    `select pipeline_uuid, synced_through::text as what from runledger.pipelines where synced_through > $1
     union all
     select pipeline_uuid, day || ' ' || state from runledger.coverage
     where day > $1::timestamptz at time zone 'UTC' or state = 'proven' and day + 1 > $1::timestamptz at time zone 'UTC'`,
    [later(instant, 2 * MINUTE_MS)],
  );
  return rows;
}

test("goes by the source's clock on nights on which this machine's is ahead", async () => {
  const leads = fc.constantFrom(0, 30_000, 61_000, 7_200_000, 90 * DAY_S * 1000);
  const nights = fc.array(fc.record({ second: fc.integer({ min: 3600, max: 4 * DAY_S }), leadMs: leads }), {
    minLength: 1,
    maxLength: 4,
  });
  await fc.assert(
    fc.asyncProperty(runShapes, nights, async (orders, plan) => {
      const rows = rowsOf(ORDERS, orders);
      const last = at(6 * DAY_S);
      await using world = await setUp(rows, { now: last });
      for (const { second, leadMs } of plan.toSorted((a, b) => a.second - b.second)) {
        await sync(nightAhead(world, at(second), leadMs), {});
        expect(await saidBeyond(world, at(second))).toEqual([]);
      }
      expect(await sync(world.at(last), {})).toBe(exitCode.done);
      expect(await storedRows(world.history)).toEqual(sourceRows(rows));
    }),
    { numRuns: 4, endOnFailure: true },
  );
});

test("backfill and verify say nothing of days that have not been, either", async () => {
  await using world = await setUp(rowsOf(ORDERS, [{ startSecond: 60, tasks: [task] }]), { now: at(DAY_S) });
  const ahead = () => nightAhead(world, at(DAY_S + 3600), 60 * DAY_S * 1000);
  await backfill(ahead(), { from: "2026-03-01", to: "2026-04-15" });
  expect(await saidBeyond(world, at(DAY_S + 3600))).toEqual([]);
  await verify(ahead(), { to: "2026-04-15" });
  expect(await saidBeyond(world, at(DAY_S + 3600))).toEqual([]);
});

test("finds a watermark that a clock ahead has left, says so and pulls what it passed over", async () => {
  const early = rowsOf(ORDERS, [{ startSecond: DAY_S / 2, tasks: [task] }]);
  const missed = rowsOf(
    ORDERS,
    Array.from({ length: 40 }, (_, day) => ({ startSecond: (day + 1) * DAY_S + 7200, tasks: [task] })),
  );
  const night = at(DAY_S + 3600);
  await using world = await setUp([...early, ...missed], { now: night });
  await sync(world.at(night), {});
  // What a sync used to leave whose machine's clock was ahead by three months.
  const { pool } = world.history;
  await pool.query("update runledger.pipelines set synced_through = $1, stats_through = $1", [
    at(92 * DAY_S),
  ]);
  await pool.query(
    `insert into runledger.coverage (pipeline_uuid, day, state, stored_runs, source_runs, checked_at)
     select pipeline_uuid, day::date, 'proven', 0, 0, $1
     from runledger.pipelines, generate_series('2026-03-02'::timestamp, '2026-05-31', '1 day') day
     on conflict (pipeline_uuid, day) do update set state = 'proven', checked_at = excluded.checked_at`,
    [at(92 * DAY_S)],
  );
  const tonight = at(41 * DAY_S + 3 * 3600);
  const context = world.at(tonight);
  expect(await sync(context, {})).toBe(exitCode.done);
  expect(context.printed.err).toMatch(/synced through a time that has not been/u);
  expect(await storedRows(world.history)).toEqual(sourceRows([...early, ...missed]));
  const days = Object.keys(await coverageOf(world.history, ORDERS));
  expect(days.at(-1)).toBe(dayOf(tonight));
  const { rows } = await pool.query<{ wrong: number }>(
    `select count(*) as wrong from runledger.coverage c
     where pipeline_uuid = $1 and day between '2026-03-02' and '2026-04-09'
       and ((state, stored_runs) <> ('proven', 1) or checked_at > $2)
       or pipeline_uuid <> $1 and checked_at > $2`,
    [ORDERS, tonight],
  );
  expect(rows).toEqual([{ wrong: 0 }]);
  // The next night has nothing to repair.
  const next = world.at(later(tonight, 3600_000));
  expect(await sync(next, {})).toBe(exitCode.done);
  expect(next.printed.err).not.toMatch(/has not been/u);
});

test("notes how far the source's clock is from the database's", async () => {
  await using world = await setUp([], { now: at(DAY_S) });
  await sync(world.at(at(DAY_S)), {});
  const { rows } = await world.history.pool.query<{ off: number }>(
    `select abs(extract(epoch from clock_timestamp() + source_ahead_ms * interval '1 ms' - $1::timestamptz)) as off
     from runledger.syncs`,
    [at(DAY_S)],
  );
  expect(rows[0]?.off).toBeLessThan(60);
});

const task = { isSuccessful: true, durationMs: 1000, micros: 0, copies: 1 };
