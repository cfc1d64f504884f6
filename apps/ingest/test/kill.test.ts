import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { exitCode } from "@runledger/cli";
import { createTestHistory, type TestHistory } from "@runledger/history/testing";
import { expect, test } from "vitest";
import { sync } from "../src/commands/sync.ts";
import { ORDERS, CRM, rowsOf, setUp, type RunShape } from "./sync-world.ts";
import { commandContext } from "./sync-fixture.ts";

const MAIN = join(import.meta.dirname, "..", "src", "main.ts");
const NOW = new Date("2026-03-09T06:00:00Z");
const TIMES = 6;

/** A run every 20 minutes over eight days, some with failures and loops. */
const runs: RunShape[] = Array.from({ length: 560 }, (_, index) => ({
  startSecond: index * 1200,
  tasks: [0, 1].map((task) => ({
    isSuccessful: (index + task) % 7 > 0,
    durationMs: index * 100,
    micros: 1,
    copies: index % 5 === 0 ? 3 : 1,
  })),
}));

type World = Awaited<ReturnType<typeof setUp>>;

function startSync({ sandbox, history, config }: World): ChildProcess {
  return spawn(process.execPath, [MAIN, "sync", "--until", NOW.toISOString()], {
    stdio: "ignore",
    env: {
      PATH: process.env["PATH"],
      YLEM_BASE_URL: sandbox.url,
      YLEM_CLIENT_ID: sandbox.clientId,
      YLEM_CLIENT_SECRET: sandbox.clientSecret,
      DATABASE_URL: history.url,
      RUNLEDGER_CONFIG: config,
    },
  });
}

/** Resolves when the server has been asked so often, or the process has ended by itself. */
async function asked({ sandbox }: World, times: number, child: ChildProcess): Promise<void> {
  while (sandbox.requests.length < times && child.exitCode === null) {
    await sleep(2);
  }
}

/** All that a sync leaves behind, but for when it happened. */
async function tablesOf({ pool }: TestHistory): Promise<unknown> {
  const { rows } = await pool.query(`
    select
      (select json_agg(t order by pipeline_uuid, run_uuid, task_uuid, executed_at, ordinal) from runledger.task_runs t) as task_runs,
      (select json_agg(r order by pipeline_uuid, run_uuid) from runledger.runs r) as runs,
      (select json_agg(t order by task_uuid) from runledger.tasks t) as tasks,
      (select json_agg(to_jsonb(p) - 'fetched_at' order by subject_uuid, period, date_from) from runledger.period_stats p) as stats,
      (select json_agg(to_jsonb(c) - 'checked_at' order by pipeline_uuid, day) from runledger.coverage c) as coverage,
      (select json_agg(p order by pipeline_uuid) from runledger.pipelines p) as pipelines`);
  return rows[0];
}

test("killed again and again, ends with the tables of a sync that was not", async () => {
  const rows = [ORDERS, CRM].flatMap((uuid) => rowsOf(uuid, runs));
  await using world = await setUp(rows, { now: NOW, latencyMs: 4 });
  await using calm = await createTestHistory();
  world.sandbox.resetCounters();
  await sync(commandContext({ history: calm, sandbox: world.sandbox, config: world.config, now: NOW }), {});
  const requests = world.sandbox.requests.length;

  for (let kill = 1; kill <= TIMES; kill += 1) {
    world.sandbox.resetCounters();
    const child = startSync(world);
    const ended = once(child, "exit");
    await asked(world, Math.ceil((Math.random() * requests) / 2), child);
    await sleep(Math.random() * 8);
    child.kill("SIGKILL");
    await ended;
  }
  const [code] = await once(startSync(world), "exit");
  expect(code).toBe(exitCode.done);
  expect(await tablesOf(world.history)).toEqual(await tablesOf(calm));
  // At least the first kill met a sync at its work.
  const { rows: outcomes } = await world.history.pool.query("select distinct outcome from runledger.syncs");
  expect(outcomes).toEqual(expect.arrayContaining([{ outcome: "done" }, { outcome: "interrupted" }]));
});

test.each([
  ["SIGINT", exitCode.interrupted],
  ["SIGTERM", exitCode.terminated],
] as const)("stops on %s and keeps what is whole", async (signal, code) => {
  const rows = [ORDERS, CRM].flatMap((uuid) => rowsOf(uuid, runs));
  await using world = await setUp(rows, { now: NOW, latencyMs: 20 });
  const child = startSync(world);
  const ended = once(child, "exit");
  await asked(world, 8, child);
  child.kill(signal);
  expect(await ended).toEqual([code, null]);
  const { rows: syncs } = await world.history.pool.query("select outcome from runledger.syncs");
  expect(syncs).toEqual([{ outcome: "interrupted" }]);
  const { rows: kept } = await world.history.pool.query("select count(*)::int as n from runledger.task_runs");
  expect(kept[0]?.n).toBeGreaterThan(0);
  // Nobody has to wait for its leases.
  const leases = await world.history.pool.query("select from runledger.pipeline_leases");
  expect(leases.rowCount).toBe(0);
});
