import { exitCode } from "@runledger/cli";
import { expect, test } from "vitest";
import { doctor } from "../src/commands/doctor.ts";
import { status } from "../src/commands/status.ts";
import { sync } from "../src/commands/sync.ts";
import { verify } from "../src/commands/verify.ts";
import {
  at,
  coverageOf,
  CRM,
  DAY_S,
  ORDERS,
  rowsOf,
  setUp,
  sourceRows,
  storedRows,
  type RunShape,
  type TaskShape,
} from "./sync-world.ts";

const HOUR_S = 3600;
const success: TaskShape = { isSuccessful: true, durationMs: 1000, micros: 1, copies: 1 };
const failure: TaskShape = { ...success, isSuccessful: false };

/** Every hour of the third day both branches of a run fail; on the other days all is well. */
const outage: RunShape[] = Array.from({ length: 5 * 24 }, (_, hour) => ({
  startSecond: hour * HOUR_S + 60,
  tasks: Math.floor(hour / 24) === 2 ? [failure, failure] : [success, success],
}));

async function days(
  { history }: Awaited<ReturnType<typeof setUp>>,
  first: string,
  last: string,
): Promise<unknown[]> {
  const { rows } = await history.pool.query(
    `select day, state, stored_runs as runs, source_runs as "sourceRuns", source_task_runs as "sourceRows"
     from runledger.coverage where pipeline_uuid = $1 and day between $2 and $3 order by day`,
    [ORDERS, first, last],
  );
  return rows;
}

test("proves a day whose failures outnumber its runs by its tasks, and says that the source cannot count it", async () => {
  const last = at(6 * DAY_S);
  const rows = rowsOf(ORDERS, outage);
  await using world = await setUp(rows, { now: last, dialect: "unsigned" });
  expect(await sync(world.at(last), {})).toBe(exitCode.done);
  expect(await days(world, "2026-03-02", "2026-03-04")).toEqual([
    { day: "2026-03-02", state: "proven", runs: 24, sourceRuns: 24, sourceRows: 48 },
    { day: "2026-03-03", state: "proven", runs: 24, sourceRuns: null, sourceRows: 48 },
    { day: "2026-03-04", state: "proven", runs: 24, sourceRuns: 24, sourceRows: 48 },
  ]);
  const { rows: periods } = await world.history.pool.query(
    `select period, date_from::text as from from runledger.period_stats
     where subject_uuid = $1 and period = 'day' and not is_sound`,
    [ORDERS],
  );
  // Where the source misread the day's date, too, there is no row of it.
  expect([[], [{ period: "day", from: expect.stringContaining("2026-03-03") }]]).toContainEqual(periods);
  expect(await verify(world.at(last), {})).toBe(exitCode.done);

  // A night with nothing new reads no log again.
  world.sandbox.resetCounters();
  await sync(world.at(at(6 * DAY_S + HOUR_S)), {});
  const logs = world.sandbox.requests.filter(({ path }) => path.includes(`${ORDERS}/logs/`));
  expect(logs).toHaveLength(1);
});

test("finds late rows of a task never seen before on such a day, while the day can still change", async () => {
  const neverSeen: RunShape = {
    startSecond: 2 * DAY_S + 23 * HOUR_S + 900,
    tasks: [failure, failure, { ...failure, lateMs: 2 * HOUR_S * 1000 }],
  };
  const rows = rowsOf(ORDERS, [...outage, neverSeen]);
  await using world = await setUp(rows, { now: at(3 * DAY_S), dialect: "unsigned" });
  await sync(world.at(at(3 * DAY_S + 10)), {});
  expect(await storedRows(world.history)).not.toEqual(sourceRows(rows));
  expect(await sync(world.at(at(3 * DAY_S + 8 * HOUR_S)), {})).toBe(exitCode.done);
  expect(await sync(world.at(at(6 * DAY_S)), {})).toBe(exitCode.done);
  expect(await storedRows(world.history)).toEqual(sourceRows(rows));
});

test("pulls late failures that make the source's figures unsound, and settles the dispute", async () => {
  const rows = rowsOf(ORDERS, [
    ...outage.filter(({ startSecond }) => startSecond < 2 * DAY_S),
    { startSecond: 2 * DAY_S + HOUR_S, tasks: [success] },
    // Tasks never seen before, days late: what is stored of the day looks sound.
    ...[4, 5].map((hour) => ({
      startSecond: 2 * DAY_S + hour * HOUR_S,
      tasks: [1, 2, 3].map(() => ({ ...failure, lateMs: 2 * DAY_S * 1000 })),
    })),
  ]);
  await using world = await setUp(rows, { now: at(4 * DAY_S), dialect: "unsigned" });
  expect(await sync(world.at(at(3 * DAY_S + 12 * HOUR_S)), {})).toBe(exitCode.done);
  expect(await sync(world.at(at(6 * DAY_S)), {})).toBe(exitCode.done);
  expect(await storedRows(world.history)).toEqual(sourceRows(rows));
  expect(await days(world, "2026-03-03", "2026-03-03")).toMatchObject([
    { state: "proven", sourceRuns: null },
  ]);
});

test("proves nothing of a pipeline that the source has never shown, and says so", async () => {
  const last = at(4 * DAY_S);
  await using world = await setUp(rowsOf(ORDERS, outage.slice(0, 24)), { now: last });
  const context = world.at(last);
  expect(await sync(context, {})).toBe(exitCode.done);
  expect(new Set(Object.values(await coverageOf(world.history, CRM)))).toEqual(new Set(["unverified"]));
  expect(Object.values(await coverageOf(world.history, ORDERS))).toContain("proven");
  for (const command of [sync, status, doctor] as const) {
    const again = world.at(last);
    await (command as (of: typeof again, options: object) => Promise<unknown>)(again, {});
    expect(again.printed.out + again.printed.err).toMatch(/nothing\s+was\s+ever\s+seen\s+of\s+it/u);
  }
});

test("takes back what was once taken for proven of such a pipeline, and proves it once it has run", async () => {
  const last = at(4 * DAY_S);
  const source = rowsOf(CRM, [{ startSecond: 5 * DAY_S, tasks: [success] }]);
  await using world = await setUp(source, { now: last });
  await sync(world.at(last), {});
  await world.history.pool.query(
    "update runledger.coverage set state = 'proven', stored_runs = 0, source_runs = 0",
  );
  await sync(world.at(at(4 * DAY_S + HOUR_S)), {});
  expect(new Set(Object.values(await coverageOf(world.history, CRM)))).toEqual(new Set(["unverified"]));
  await sync(world.at(at(6 * DAY_S + 12 * HOUR_S)), {});
  expect(new Set(Object.values(await coverageOf(world.history, CRM)))).toEqual(new Set(["proven", "open"]));
});
