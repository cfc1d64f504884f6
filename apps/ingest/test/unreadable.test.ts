import { exitCode } from "@runledger/cli";
import type { RejectedRow } from "@runledger/ylem-client";
import { expect, test } from "vitest";
import { status } from "../src/commands/status.ts";
import { sync } from "../src/commands/sync.ts";
import { storeRunLog } from "../src/store/store-run-log.ts";
import { asideIn, breaking, holding, neverEnding } from "./broken-answers.ts";
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
const NIGHT = at(3 * DAY_S + 8 * 3600);

const holdsBroken = holding(BROKEN);

function night(world: World, brokenFetch?: typeof fetch, patience = { failures: 200, ms: 600_000 }) {
  const ylemOptions = {
    sleep: async () => {},
    maxBodyBytes: 100_000,
    tryTimeoutMs: 400,
    ...(brokenFetch && { fetch: brokenFetch }),
  };
  return world.context(NIGHT, { ylemOptions, patience });
}

test.each<[string, () => Response, RegExp]>([
  ["no JSON", () => new Response("<html>busy</html>"), /not JSON/u],
  ["another shape", () => Response.json({ error: "internal" }), /unusable answer/u],
  ["more than the limit", () => new Response("[".repeat(200_000)), /more than 100000 bytes/u],
  ["nested without end", () => new Response(`{"a":${"[".repeat(90_000)}`), /not JSON/u],
  ["an error for just that", () => new Response("boom", { status: 500 }), /500/u],
])("sets an answer aside that is %s, passes on, and reads it when it can", async (_, broken, reason) => {
  await using world = await setUp(rows, { now: NIGHT });
  const context = night(world, breaking(holdsBroken, broken));
  expect(await sync(context, {})).toBe(exitCode.partial);
  expect(context.printed.out).toContain("set aside (orders on 2026-03-02)");
  const aside = await asideIn(world);
  expect(aside.length).toBeGreaterThan(0);
  // The row lies on a whole second, which two windows share.
  expect(aside.length).toBeLessThan(3);
  for (const each of aside) {
    expect(each.reason).toMatch(reason);
    expect(each.seconds).toBe(1);
  }
  const coverage = await coverageOf(world.history, ORDERS);
  expect(coverage).toMatchObject({
    "2026-03-01": "proven",
    "2026-03-02": "disputed",
    "2026-03-03": "proven",
  });
  expect(await storedRows(world.history)).toEqual(
    // Of the run itself the other row is on another second, whose answer holds the whole run.
    expect.arrayContaining(sourceRows(rows.filter(({ pipelineUuid }) => pipelineUuid === CRM))),
  );
  const shown = world.context(NIGHT);
  await status(shown);
  expect(shown.printed.out).toMatch(/orders: \d answers of the log cannot be read/u);

  // Another night like it adds a try, and asks for little.
  world.sandbox.resetCounters();
  expect(await sync(night(world, breaking(holdsBroken, broken)), {})).toBe(exitCode.partial);
  expect((await asideIn(world)).map(({ tries }) => tries)).toEqual(aside.map(({ tries }) => tries + 1));

  expect(await sync(night(world), {})).toBe(exitCode.done);
  expect(await asideIn(world)).toEqual([]);
  expect(await storedRows(world.history)).toEqual(sourceRows(rows));
  expect((await coverageOf(world.history, ORDERS))["2026-03-02"]).toBe("proven");
});

test("keeps an answer set aside for as long as the database refuses its rows", async () => {
  await using world = await setUp(rows, { now: NIGHT });
  const { pool } = world.history;
  await pool.query(
    `create function runledger.refuse() returns trigger language plpgsql as
       $$ begin raise exception 'no room for this value' using errcode = '22003'; end $$`,
  );
  await pool.query(
    `create trigger refuse before insert on runledger.task_runs for each row
     when (new.executed_at = '${BROKEN.toISOString()}' and new.pipeline_uuid = '${ORDERS}')
     execute function runledger.refuse()`,
  );
  for (let tries = 1; tries <= 3; tries += 1) {
    expect(await sync(night(world), {})).toBe(exitCode.partial);
    const aside = await asideIn(world);
    expect(aside.length).toBeGreaterThan(0);
    for (const each of aside) {
      expect(each).toMatchObject({ tries, seconds: 1 });
      expect(each.reason).toContain("the database refuses it: no room for this value");
    }
    expect((await coverageOf(world.history, ORDERS))["2026-03-02"]).toBe("disputed");
  }
  await pool.query("drop trigger refuse on runledger.task_runs");
  expect(await sync(night(world), {})).toBe(exitCode.done);
  expect(await asideIn(world)).toEqual([]);
  expect(await storedRows(world.history)).toEqual(sourceRows(rows));
});

test("passes nothing over while the source answers nothing that can be read", async () => {
  await using world = await setUp(rows, { now: NIGHT });
  const nonsense = breaking(
    () => true,
    () => Response.json({}),
  );
  expect(await sync(night(world, nonsense), {})).toBe(exitCode.partial);
  expect(await asideIn(world)).toEqual([]);
  const { rows: watermarks } = await world.history.pool.query(
    "select name, synced_through is null as is_unsynced from runledger.pipelines order by name",
  );
  expect(watermarks).toEqual([
    { name: "crm", is_unsynced: false },
    { name: "orders", is_unsynced: true },
  ]);
  const shown = world.context(NIGHT);
  await status(shown);
  expect(shown.printed.out.replaceAll(/\s+/gu, " ")).toContain("orders: the last sync did not end well");
  expect(await sync(night(world), {})).toBe(exitCode.done);
  expect(await storedRows(world.history)).toEqual(sourceRows(rows));
});

test("gives up on a pipeline whose answers never end, and does the others", async () => {
  await using world = await setUp(rows, { now: NIGHT });
  const hanging = breaking(() => true, neverEnding);
  const context = night(world, hanging, { failures: 3, ms: 600_000 });
  const begun = performance.now();
  expect(await sync(context, {})).toBe(exitCode.partial);
  expect(performance.now() - begun).toBeLessThan(30_000);
  expect(context.printed.out).toMatch(/✖ orders: .*no full answer within/u);
  expect(await storedRows(world.history)).toEqual(
    sourceRows(rows.filter(({ pipelineUuid }) => pipelineUuid === CRM)),
  );
});

test.each([1, 13_108, 40_000])("keeps %d rows of every kind out of one answer", async (count) => {
  await using world = await setUp([], { now: NIGHT });
  await sync(world.context(), {});
  const uuid = (prefix: string, n: number) => `${prefix}-0000-4000-8000-${String(n).padStart(12, "0")}`;
  const taskRuns = Array.from({ length: count }, (_, n) => ({
    runUuid: uuid("00000000", n >> 2),
    taskUuid: uuid("11111111", n),
    taskType: "query",
    isSuccessful: n % 3 > 0,
    durationMs: n % 1000,
    metricValue: n % 2 === 0 ? null : n / 7,
    executedAt: `2026-03-02T10:${String(n % 60).padStart(2, "0")}:00.000000Z`,
    output: { state: "empty" as const, bytes: null },
    errorMessage: n % 3 > 0 ? null : `\u{1F4A5} ${n}`,
  }));
  let deep: unknown = "bottom";
  for (let level = 0; level < 20_000; level += 1) deep = [deep];
  const rejected = Array.from({ length: count }, (_, n): RejectedRow => ({
    row: { n, text: "\0\uD800" },
    reason: "no time",
  }));
  rejected.push({ row: deep, reason: "no row" });
  const { pool } = world.history;
  await pool.query(
    "insert into runledger.processes (process_uuid, name, machine, pid, expires_at) values ($1, 'test', 'm', 1, now() + '1 h')",
    [ORDERS],
  );
  await pool.query("insert into runledger.pipeline_leases (pipeline_uuid, process_uuid) values ($1, $1)", [
    ORDERS,
  ]);
  const held = { history: world.history, pipelineUuid: ORDERS, processUuid: ORDERS };
  const log = { taskRuns, rejected, bytes: 0 };
  const options = { through: null, outputs: "failures" as const, now: NIGHT };
  expect(await storeRunLog(held, log, options)).toEqual({ rowsNew: count, rowsQuarantined: count + 1 });
  expect(await storeRunLog(held, log, options)).toEqual({ rowsNew: 0, rowsQuarantined: 0 });
  const { rows: kept } = await pool.query(
    `select (select count(*) from runledger.task_runs) as rows, (select count(*) from runledger.tasks) as tasks,
            (select count(*) from runledger.quarantined_rows) as quarantined`,
  );
  expect(kept).toEqual([{ rows: count, tasks: count, quarantined: count + 1 }]);
});
