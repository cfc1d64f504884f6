import { exitCode } from "@runledger/cli";
import { expect, test } from "vitest";
import { backfill } from "../src/commands/backfill.ts";
import { sync } from "../src/commands/sync.ts";
import { asideIn, breaking, holding, longNight } from "./broken-answers.ts";
import { at, coverageOf, CRM, DAY_S, ORDERS, rowsOf, setUp, sourceRows, storedRows } from "./sync-world.ts";

type World = Awaited<ReturnType<typeof setUp>>;

const task = { isSuccessful: true, durationMs: 1000, micros: 0, copies: 1 };
const rows = [ORDERS, CRM].flatMap((uuid) =>
  rowsOf(
    uuid,
    Array.from({ length: 72 }, (_, hour) => ({ startSecond: hour * 3600 + 60, tasks: [task, task] })),
  ),
);
/** The second task of the run at 13:00 of the second day ends then. */
const BROKEN = at(DAY_S + 13 * 3600 + 62);
const morning = (day: number) => at(day * DAY_S + 8 * 3600);

const noJson = () => new Response("<html>busy</html>");
const QUICK = { sleep: async () => {} };

async function insertAside({ history }: World, windows: [Date, Date][]) {
  for (const [from, to] of windows) {
    await history.pool.query(
      `insert into runledger.set_aside_answers values ($1, $2, $3, 'no full answer', 1, $3, $3)`,
      [ORDERS, from, to],
    );
  }
}

async function syncedThrough({ history }: World): Promise<Date | null> {
  const { rows: found } = await history.pool.query<{ through: Date | null }>(
    "select synced_through as through from runledger.pipelines where pipeline_uuid = $1",
    [ORDERS],
  );
  return found[0]?.through ?? null;
}

test("pulls what is new before it tries again what was set aside, and compares all", async () => {
  await using world = await setUp(rows, { now: morning(1) });
  expect(await sync(world.at(morning(1)), {})).toBe(exitCode.done);
  const broken = Array.from({ length: 12 }, (_, hour) => at(hour * 3600 + 1800));
  await insertAside(
    world,
    broken.map((from) => [from, new Date(from.getTime() + 1000)]),
  );
  for (let night = 2; night < 5; night += 1) {
    const clock = longNight();
    const hanging = breaking(holding(...broken), clock.neverEnding);
    const { elapsedMs } = clock;
    const ylemOptions = { ...clock.ylemOptions, fetch: hanging };
    const context = world.at(morning(night), { elapsedMs, ylemOptions });
    expect(await sync(context, {})).toBe(exitCode.partial);
    expect(context.printed.out).not.toContain("✖");
    expect(elapsedMs()).toBeLessThan(11 * 60_000);
    expect(await syncedThrough(world)).toEqual(morning(night));
    expect(await coverageOf(world.history, ORDERS)).toMatchObject({
      "2026-03-01": "disputed",
      [`2026-03-0${night}`]: "proven",
    });
  }
  expect(await storedRows(world.history)).toEqual(sourceRows(rows));
  // Those come first that were tried longest ago.
  expect((await asideIn(world)).map(({ tries }) => tries)).not.toContain(1);
  expect(await sync(world.at(morning(5), { ylemOptions: QUICK }), {})).toBe(exitCode.done);
  expect(await asideIn(world)).toEqual([]);
});

test.each([
  ["holds a row", BROKEN],
  ["is empty", at(DAY_S + 13 * 3600 + 1800)],
])("ends with 1 however long ago the answer is that is set aside, if it %s", async (_, instant) => {
  await using world = await setUp(rows, { now: morning(3) });
  const ylemOptions = { ...QUICK, fetch: breaking(holding(instant), noJson) };
  for (const night of [3, 60, 61]) {
    const context = world.at(morning(night), { ylemOptions });
    expect(await sync(context, {})).toBe(exitCode.partial);
    expect(context.printed.out).toContain("set aside (orders on 2026-03-02)");
  }
  expect(await sync(world.at(morning(62)), {})).toBe(exitCode.done);
  expect(await asideIn(world)).toEqual([]);
  expect((await coverageOf(world.history, ORDERS))["2026-03-02"]).toBe("proven");
  expect(await storedRows(world.history)).toEqual(sourceRows(rows));
});

test("ends with 1 where the answer that is set aside is of today", async () => {
  const instant = at(2 * DAY_S + 5 * 3600 + 1800);
  await using world = await setUp(rows, { now: morning(2) });
  const ylemOptions = { ...QUICK, fetch: breaking(holding(instant), noJson) };
  expect(await sync(world.at(morning(2), { ylemOptions }), {})).toBe(exitCode.partial);
  expect((await coverageOf(world.history, ORDERS))["2026-03-03"]).toBe("disputed");
  expect(await sync(world.at(morning(2)), {})).toBe(exitCode.done);
  expect((await coverageOf(world.history, ORDERS))["2026-03-03"]).toBe("open");
});

test("finds the second of an answer that never ends in some nights, and holds nothing else up", async () => {
  await using world = await setUp(rows, { now: morning(3) });
  const others = rows.filter(({ runUuid }) => runUuid !== runOf(BROKEN));
  const lengths: number[] = [];
  for (let night = 3; night < 10; night += 1) {
    const clock = longNight();
    const { elapsedMs } = clock;
    const ylemOptions = { ...clock.ylemOptions, fetch: breaking(holding(BROKEN), clock.neverEnding) };
    expect(await sync(world.at(morning(night), { elapsedMs, ylemOptions }), {})).toBe(exitCode.partial);
    expect(elapsedMs()).toBeLessThan(10 * 60_000);
    expect(await syncedThrough(world)).toEqual(morning(night));
    const aside = await asideIn(world);
    for (const { from, to } of aside) {
      expect(holding(BROKEN)(from, to)).toBe(true);
    }
    const length = aside.reduce((sum, { seconds }) => sum + seconds, 0);
    lengths.push(length);
    const within = (micros: bigint) =>
      aside.some(({ from, to }) => from.getTime() * 1000 <= micros && micros <= to.getTime() * 1000);
    const readable = others.filter(
      ({ executedAtMicros }) => executedAtMicros !== null && !within(executedAtMicros),
    );
    expect(await storedRows(world.history)).toEqual(expect.arrayContaining(sourceRows(readable)));
  }
  expect(lengths.toSorted((one, other) => other - one)).toEqual(lengths);
  // The row lies on a whole second, which two seconds share.
  expect(lengths.at(-1)).toBeLessThanOrEqual(2);
  expect(await sync(world.at(morning(10), { ylemOptions: QUICK }), {})).toBe(exitCode.done);
  expect(await storedRows(world.history)).toEqual(sourceRows(rows));
  expect(await asideIn(world)).toEqual([]);
});

function runOf(instant: Date): string | undefined {
  return rows.find(
    ({ pipelineUuid, executedAtMicros }) =>
      pipelineUuid === ORDERS && executedAtMicros === BigInt(instant.getTime()) * 1000n,
  )?.runUuid;
}

test("keeps a window set aside as a whole until all of it was tried again", async () => {
  await using world = await setUp(rows, { now: morning(3) });
  await sync(world.context(), {});
  const { pool } = world.history;
  const wide: [Date, Date] = [at(DAY_S), at(2 * DAY_S)];
  await insertAside(world, [wide]);
  await pool.query("delete from runledger.task_runs where executed_at between $1 and $2", wide);
  const abort = new AbortController();
  const interrupting: typeof fetch = async (input, init) => {
    const url = decodeURIComponent(String(input instanceof Request ? input.url : input));
    if (url.includes(`${ORDERS}/logs/2026-03-02 12:00:00`)) abort.abort();
    return fetch(input, init);
  };
  const ylemOptions = { ...QUICK, fetch: breaking(holding(BROKEN), noJson) };
  const interrupted = { ...QUICK, fetch: interrupting };
  await sync(world.at(morning(3), { signal: abort.signal, ylemOptions: interrupted }), {}).catch(() => {});
  expect(abort.signal.aborted).toBe(true);
  expect(await asideIn(world)).toMatchObject([{ from: wide[0], to: wide[1], tries: 1 }]);
  expect(await sync(world.at(morning(3), { ylemOptions }), {})).toBe(exitCode.partial);
  const [narrow, ...more] = await asideIn(world);
  expect(more).toEqual([]);
  expect(narrow).toMatchObject({ tries: 2 });
  expect(narrow?.seconds).toBeLessThanOrEqual(2);
  expect(await sync(world.at(morning(3)), {})).toBe(exitCode.done);
  expect(await storedRows(world.history)).toEqual(sourceRows(rows));
});

test("keeps set aside what patience did not last for", async () => {
  await using world = await setUp(rows, { now: morning(3) });
  await sync(world.context(), {});
  const wide: [Date, Date] = [at(DAY_S), at(2 * DAY_S)];
  await insertAside(world, [wide]);
  const broken = Array.from({ length: 24 }, (_, hour) => at(DAY_S + hour * 3600 + 1800));
  const ylemOptions = { ...QUICK, fetch: breaking(holding(...broken), noJson) };
  const patience = { failures: 30, ms: 600_000 };
  expect(await sync(world.at(morning(3), { ylemOptions, patience }), {})).toBe(exitCode.partial);
  const aside = await asideIn(world);
  // What was read in between is not set aside any more, so that it was tried one after the other.
  expect(aside.length).toBeGreaterThan(3);
  for (const instant of broken) {
    expect(aside.filter(({ from, to }) => from <= instant && instant <= to)).not.toEqual([]);
  }
  expect(await sync(world.at(morning(3), { ylemOptions: QUICK }), {})).toBe(exitCode.done);
  expect(await asideIn(world)).toEqual([]);
});

test("counts what the database refuses, and gets on with the next window when that is enough", async () => {
  await using world = await setUp(rows, { now: morning(3) });
  const { pool } = world.history;
  await pool.query(
    `create function runledger.refuse() returns trigger language plpgsql as
       $$ begin raise exception 'no room for this value' using errcode = '22003'; end $$`,
  );
  await pool.query(
    `create trigger refuse before insert on runledger.task_runs for each row
     when (new.pipeline_uuid = '${ORDERS}') execute function runledger.refuse()`,
  );
  const patience = { failures: 20, ms: 600_000 };
  for (let night = 3; night < 6; night += 1) {
    world.sandbox.resetCounters();
    expect(await sync(world.at(morning(night), { patience }), {})).toBe(exitCode.partial);
    const logs = world.sandbox.requests.filter(({ path }) => path.includes(`${ORDERS}/logs/`));
    expect(logs.length).toBeLessThan(200);
  }
  await pool.query("drop trigger refuse on runledger.task_runs");
  for (let night = 6; (await sync(world.at(morning(night)), {})) !== exitCode.done; night += 1) {
    expect(night).toBeLessThan(8);
  }
  expect(await asideIn(world)).toEqual([]);
  expect(await storedRows(world.history)).toEqual(sourceRows(rows));
});

test("is bounded where the log answers for no time but long ago, and complete when it answers again", async () => {
  await using world = await setUp(rows, { now: morning(3) });
  const ylemOptions = { ...QUICK, fetch: breaking((from) => from.getTime() > 0, noJson) };
  world.sandbox.resetCounters();
  let asked = 0;
  const counting = {
    ...ylemOptions,
    onRequest: ({ path }: { path: string }) => (asked += Number(path.includes(`${ORDERS}/logs/`))),
  };
  expect(await sync(world.at(morning(3), { ylemOptions: counting }), {})).toBe(exitCode.partial);
  expect(asked).toBeLessThan(300);
  const aside = await asideIn(world);
  expect(aside.length).toBeLessThan(40);
  for (let night = 4; (await sync(world.at(morning(night)), {})) !== exitCode.done; night += 1) {
    expect(night).toBeLessThan(6);
  }
  expect(await asideIn(world)).toEqual([]);
  expect(await storedRows(world.history)).toEqual(sourceRows(rows));
});

test("tries again with backfill what was set aside in its days, and only that", async () => {
  const [first, second] = [at(3600 + 1800), BROKEN];
  await using world = await setUp(rows, { now: morning(3) });
  const ylemOptions = { ...QUICK, fetch: breaking(holding(first, second), noJson) };
  expect(await sync(world.at(morning(3), { ylemOptions }), {})).toBe(exitCode.partial);
  const before = await asideIn(world);
  const days = { from: "2026-03-02", to: "2026-03-02" };
  expect(await backfill(world.at(morning(3), { ylemOptions }), days)).toBe(exitCode.partial);
  expect((await asideIn(world)).map(({ tries }) => tries)).toEqual(
    before.map(({ from }) => (from < at(DAY_S) ? 1 : 2)),
  );
  expect(await backfill(world.at(morning(3)), days)).toBe(exitCode.done);
  expect((await asideIn(world)).every(({ from }) => from < at(DAY_S))).toBe(true);
  expect(await storedRows(world.history)).toEqual(sourceRows(rows));
  expect((await coverageOf(world.history, ORDERS))["2026-03-02"]).toBe("proven");
});
