import { exitCode } from "@runledger/cli";
import { onServer } from "@runledger/history/testing";
import { startPgBouncer } from "@runledger/history/testing/pgbouncer";
import { needsProgram } from "@runledger/testing/needs-program";
import { expect, test } from "vitest";
import { sync } from "../src/commands/sync.ts";
import { ORDERS, rowsOf, setUp, storedRows, type RunShape } from "./sync-world.ts";

const NOW = new Date("2026-03-04T06:00:00Z");
const pgbouncer = needsProgram("pgbouncer");

/** A run every two hours; day and month differ, so that a day read in another order is another day. */
const RUNS: RunShape[] = Array.from({ length: 36 }, (_, index) => ({
  startSecond: index * 7200,
  tasks: [
    { isSuccessful: index % 5 !== 0, durationMs: 1500, micros: 999_999, copies: index % 3 === 0 ? 3 : 1 },
  ],
}));

const ALL_PROVEN = ["2026-03-01 proven", "2026-03-02 proven", "2026-03-03 proven"];

const SETTINGS: [string, string][] = [
  ["datestyle", "'SQL, DMY'"],
  ["datestyle", "'German'"],
  ["datestyle", "'Postgres, MDY'"],
  ["idle_session_timeout", "'300ms'"],
  ["timezone", "'Pacific/Kiritimati'"],
  ["bytea_output", "'escape'"],
  ["extra_float_digits", "'-15'"],
];

test.each(SETTINGS)("proves every day although the database has %s = %s", async (name, value) => {
  await using world = await oddWorld({ [name]: value });
  expect(await statesAfterSync(world, world.history.url)).toEqual(ALL_PROVEN);
});

test.skipIf(pgbouncer.isMissing)("proves every day through a pooler, with all of them at once", async () => {
  await using world = await oddWorld(Object.fromEntries(SETTINGS));
  await using pooler = await startPgBouncer(pgbouncer.path, world.history.url, "transaction");
  expect(await statesAfterSync(world, pooler.url)).toEqual(ALL_PROVEN);
});

type World = Awaited<ReturnType<typeof setUp>>;

async function oddWorld(settings: Record<string, string>): Promise<World> {
  const world = await setUp(rowsOf(ORDERS, RUNS), { now: NOW });
  const database = new URL(world.history.url).pathname.slice(1);
  for (const [name, value] of Object.entries(settings)) {
    await onServer(`alter database ${database} set ${name} = ${value}`);
  }
  return world;
}

async function statesAfterSync(world: World, databaseUrl: string): Promise<string[]> {
  const context = world.context();
  const environment = { ...context.environment, databaseUrl };
  expect(await sync({ ...context, environment }, {}), context.printed.err).toBe(exitCode.done);
  const copies = RUNS.flatMap(({ tasks }) => tasks.map((task) => task.copies));
  expect(await storedRows(world.history)).toHaveLength(copies.reduce((sum, count) => sum + count, 0));
  const { rows: days } = await world.history.pool.query<{ day: string }>(
    `select concat(to_char(day, 'YYYY-MM-DD'), ' ', state) as day from runledger.coverage
     where pipeline_uuid = $1 and day < date '2026-03-04' order by day`,
    [ORDERS],
  );
  return days.map(({ day }) => day);
}
