import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { exitCode } from "@runledger/cli";
import { LeaseLostError } from "@runledger/history";
import { createTestHistory, type TestHistory } from "@runledger/history/testing";
import { startPgBouncer } from "@runledger/history/testing/pgbouncer";
import { needsProgram } from "@runledger/testing/needs-program";
import { YlemClient } from "@runledger/ylem-client";
import { from as copyFrom } from "pg-copy-streams";
import { expect, test } from "vitest";
import { backfill } from "../src/commands/backfill.ts";
import { sync } from "../src/commands/sync.ts";
import { verify } from "../src/commands/verify.ts";
import { asHolder, LockedError, takeLeases, type Held } from "../src/store/pipeline-leases.ts";
import { storeSnapshots } from "../src/statistics/snapshots.ts";
import { storePeriodStats } from "../src/statistics/store-period-stats.ts";
import { registerPipeline } from "../src/store/register-pipeline.ts";
import { replaceSetAside, setAside } from "../src/store/set-aside.ts";
import { storeRunLog } from "../src/store/store-run-log.ts";
import { enterDays, recordDays } from "../src/sync/prove/coverage.ts";
import { commandContext } from "./sync-fixture.ts";
import { at, CRM, DAY_S, ORDERS, rowsOf, setUp, type RunShape } from "./sync-world.ts";

const NOW = at(8 * DAY_S);
const SOON = { lengthMs: 1000, beatMs: 200 };
/** More of them on demand: LEASE_ROUNDS=100. */
const ROUNDS = Number(process.env["LEASE_ROUNDS"] ?? 1);

const pgbouncer = needsProgram("pgbouncer");

/** A run every hour over eight days, some with failures and loops. */
const runs: RunShape[] = Array.from({ length: 190 }, (_, index) => ({
  startSecond: index * 3600,
  tasks: [0, 1].map((task) => ({
    isSuccessful: (index + task) % 7 > 0,
    durationMs: index * 100,
    micros: 1,
    copies: index % 5 === 0 ? 3 : 1,
  })),
}));
const ROWS = [ORDERS, CRM].flatMap((uuid) => rowsOf(uuid, runs));

type World = Awaited<ReturnType<typeof setUp>>;

/** A lease whose process never gives a word again, although it lives. */
async function freeze({ history }: World, processUuid: string): Promise<void> {
  await history.pool.query(
    "update runledger.processes set expires_at = now() - interval '1 s' where process_uuid = $1",
    [processUuid],
  );
}

test("refuses to run beside a command that works on the same, and says who that is", async () => {
  await using world = await setUp([], { now: NOW });
  await using _leases = await takeLeases(world.history, [ORDERS, CRM], "backfill");
  await expect(sync(world.context(), {})).rejects.toThrow(LockedError);
  await expect(sync(world.context(), {})).rejects.toThrow(
    new RegExp(`^runledger-ingest backfill, pid ${process.pid} on .* since 20.*Wait for it to end`, "u"),
  );
  const { rows } = await world.history.pool.query("select 1 from runledger.syncs");
  expect(rows).toEqual([]);
});

test("leaves alone what another command works on, does the rest, and says so", async () => {
  await using world = await setUp(ROWS, { now: NOW });
  const leases = await takeLeases(world.history, [ORDERS], "backfill");
  const context = world.context();
  expect(await sync(context, {})).toBe(exitCode.partial);
  expect(context.printed.out).toMatch(/✖ orders: runledger-ingest backfill, pid \d+ on .* is at work on it/u);
  const { rows } = await world.history.pool.query("select distinct pipeline_uuid from runledger.runs");
  expect(rows).toEqual([{ pipeline_uuid: CRM }]);
  // Neither counts the other's row in syncs as one of the dead.
  await leases[Symbol.asyncDispose]();
  expect(await sync(world.context(), {})).toBe(exitCode.done);
});

test("gives the leases back at the end, and takes those of a process that was killed at once", async () => {
  await using world = await setUp([], { now: NOW, latencyMs: 50 });
  await sync(world.context(), {});
  const left = () => world.history.pool.query("select from runledger.pipeline_leases, runledger.processes");
  expect((await left()).rowCount).toBe(0);
  const child = startSync(world, world.history.url, { lengthMs: 3_600_000, beatMs: 600_000 });
  await untilHeld(world);
  child.kill("SIGKILL");
  await ended(child);
  expect(await sync(world.context(), {})).toBe(exitCode.done);
});

test("of two commands that start together, one gets all", async () => {
  await using world = await setUp([], { now: NOW });
  const uuids = Array.from(
    { length: 30 },
    (_, index) => `7b1c0f7e-0000-4000-8000-${String(index).padStart(12, "0")}`,
  );
  for (let round = 0; round < 10; round += 1) {
    const orders = [uuids, uuids.toReversed(), uuids];
    const taken = await Promise.allSettled(orders.map((wanted) => takeLeases(world.history, wanted, "sync")));
    for (const result of taken) {
      expect(result.status === "fulfilled" ? null : result.reason).not.toMatchObject({ name: "error" });
    }
    const won = taken.filter((result) => result.status === "fulfilled").map(({ value }) => value);
    expect(won.map(({ busy }) => busy.size)).toEqual([0]);
    await won[0]?.[Symbol.asyncDispose]();
  }
});

test("stops when its lease cannot be renewed, and when it was taken for dead", async () => {
  await using world = await setUp([], { now: NOW });
  await using leases = await takeLeases(world.history, [ORDERS], "sync", { lengthMs: 200, beatMs: 20 });
  await sleep(400);
  expect(leases.signal.aborted).toBe(false);
  await world.history.pool.query("alter table runledger.processes rename to gone");
  await once(leases.signal, "abort");
  expect(leases.signal.reason).toEqual(expect.objectContaining({ name: "LeaseLostError" }));
  await world.history.pool.query("alter table runledger.gone rename to processes");

  await using others = await takeLeases(world.history, [CRM], "sync", { lengthMs: 200, beatMs: 20 });
  await world.history.pool.query("delete from runledger.processes");
  await once(others.signal, "abort");
});

/** Everything that is written for a pipeline. */
const WRITERS: Record<string, (held: Held, client: YlemClient) => Promise<unknown>> = {
  registerPipeline: (held) =>
    registerPipeline(held, { uuid: ORDERS, name: "other", owner: null, tags: [], tasks: { [CRM]: "x" } }),
  storeRunLog: (held) =>
    storeRunLog(
      held,
      { taskRuns: [], rejected: [], bytes: 0 },
      { through: at(9e9), outputs: "all", now: NOW },
    ),
  enterDays: (held) => enterDays(held, { first: "2025-01-01", last: "2025-01-02" }, NOW),
  recordDays: (held) => recordDays(held, [DAY], new Set(), { now: NOW, through: NOW }),
  setAside: (held) => setAside({ ...held, now: () => NOW }, UNREAD, { movesWatermark: true }),
  replaceSetAside: (held) => replaceSetAside({ ...held, now: () => NOW }, UNREAD, [UNREAD]),
  storePeriodStats: (held) =>
    storePeriodStats({ ...held, now: () => NOW }, { period: "day", from: at(0), to: NOW }, [
      { subject: { kind: "pipeline", uuid: ORDERS }, stats: [] },
    ]),
  storeSnapshots: (held, client) =>
    storeSnapshots(
      { ...held, client, now: () => NOW, signal: new AbortController().signal },
      [{ kind: "pipeline", uuid: ORDERS }],
      { from: at(0), to: NOW },
    ),
};

const UNREAD = { from: at(0), to: at(1), reason: "no JSON" };

const DAY = {
  day: "2026-03-01",
  agrees: false,
  storedRuns: 1,
  sourceRuns: 2,
  storedFailures: 0,
  sourceFailures: 0,
  storedTaskRuns: 1,
  sourceTaskRuns: 2,
};

test("writes nothing more once another process has taken over", async () => {
  await using world = await setUp(ROWS, { now: NOW });
  await sync(world.context(), {});
  const { url: baseUrl, clientId, clientSecret } = world.sandbox;
  const client = new YlemClient({ baseUrl, clientId, clientSecret });
  await using frozen = await takeLeases(world.history, [ORDERS], "sync");
  const held = { history: world.history, pipelineUuid: ORDERS, processUuid: frozen.processUuid };
  // While it has the lease, each of them does write.
  for (const [name, write] of Object.entries(WRITERS)) {
    const before = await allRows(world.history);
    await write(held, client);
    expect(await allRows(world.history), name).not.toEqual(before);
  }
  await freeze(world, frozen.processUuid);
  await using _next = await takeLeases(world.history, [ORDERS], "sync");
  const before = await allRows(world.history);
  for (const write of Object.values(WRITERS)) {
    await expect(write(held, client)).rejects.toThrow(LeaseLostError);
  }
  expect(await allRows(world.history)).toEqual(before);
  await client.close();
});

const PIPELINE_TABLES = [
  "pipelines",
  "tasks",
  "task_runs",
  "runs",
  "period_stats",
  "stat_snapshots",
  "coverage",
  "quarantined_rows",
  "set_aside_answers",
];

/** Every row's versions, so that a row that is written as it was shows, too. */
async function allRows({ pool }: TestHistory): Promise<unknown> {
  const versions = PIPELINE_TABLES.map(
    (table) => `(select array_agg(xmin::text || ctid order by ctid) from runledger.${table}) as ${table}`,
  );
  return (await pool.query(`select ${versions.join(", ")}`)).rows[0];
}

test("writes nothing for a pipeline but in transactions that hold its lease", async () => {
  await using world = await setUp(ROWS, { now: NOW });
  // Locks on rows are nowhere to be seen, but they come with one on their table.
  await world.history.pool.query(
    `create function assert_fenced() returns trigger language plpgsql as $$
     begin
       if not exists (
         select from pg_locks where pid = pg_backend_pid() and mode = 'RowShareLock'
           and relation = 'runledger.pipeline_leases'::regclass
       ) then
         raise exception 'written without the lease: %', tg_table_name;
       end if;
       return null;
     end $$;
     ${PIPELINE_TABLES.map(
       (table) =>
         `create trigger fenced before insert or update or delete on runledger.${table} for each statement execute function assert_fenced();`,
     ).join("\n")}`,
  );
  expect(await sync(world.context(), {})).toBe(exitCode.done);
  expect(await sync(world.context(at(9 * DAY_S)), {})).toBe(exitCode.done);
  expect(await backfill(world.context(), { from: "2026-03-02", to: "2026-03-04" })).toBe(exitCode.done);
  expect(await verify(world.context(), { repair: true })).toBe(exitCode.done);
  expect(await sync(world.context(), { dryRun: true })).toBe(exitCode.done);
  await expect(world.history.pool.query("update runledger.pipelines set name = 'x'")).rejects.toThrow(
    "without",
  );
});

test("takes over from a process that was frozen in the midst of storing rows", async () => {
  await using world = await setUp([], { now: NOW });
  await using frozen = await takeLeases(world.history, [ORDERS], "sync");
  const held = { history: world.history, pipelineUuid: ORDERS, processUuid: frozen.processUuid };
  const isCopying = Promise.withResolvers<void>();
  const storing = asHolder(held, async ({ client }) => {
    const copy = client.query(copyFrom("copy runledger.runs from stdin (format binary)"));
    copy.write("PGCOPY\n");
    copy.on("error", isCopying.reject);
    setTimeout(isCopying.resolve, 50);
    // Its rows never end.
    await once(copy, "finish");
  }).catch((error: unknown) => error);
  await isCopying.promise;
  await freeze(world, frozen.processUuid);
  await using next = await takeLeases(world.history, [ORDERS], "sync");
  expect(next.busy.size).toBe(0);
  expect(await storing).toBeInstanceOf(Error);
});

const ways = ["straight", ...(pgbouncer.isMissing ? [] : ["through PgBouncer"])];

test.each(ways)(
  "frozen and killed at any moment, %s, ends with the tables of a sync that was not",
  { timeout: 60_000 + ROUNDS * 20_000 },
  async (way) => {
    await using calm = await createTestHistory();
    await using plain = await setUp(ROWS, { now: NOW });
    const { sandbox, config } = plain;
    await sync(commandContext({ history: calm, sandbox, config, now: NOW }), {});
    const requests = sandbox.requests.length;
    const expected = await tablesOf(calm);
    for (let round = 0; round < ROUNDS; round += 1) {
      await using world = await setUp(ROWS, { now: NOW, latencyMs: 3 });
      // The source is the same, so that its UUIDs are.
      await using pooler =
        way === "straight" ? null : await startPgBouncer(pgbouncer.path, world.history.url, "transaction");
      const url = pooler?.url ?? world.history.url;
      const killed = startSync(world, url);
      await asked(world, Math.random() * requests, killed);
      killed.kill("SIGKILL");
      await ended(killed);
      world.sandbox.resetCounters();
      const frozen = startSync(world, url);
      await asked(world, Math.random() * requests, frozen);
      await sleep(Math.random() * 8);
      frozen.kill("SIGSTOP");
      let next: number | null = null;
      while (next !== exitCode.done) {
        next = (await ended(startSync(world, url))).code;
        expect([exitCode.done, exitCode.locked]).toContain(next);
      }
      const before = await allRows(world.history);
      frozen.kill("SIGCONT");
      const { code, output } = await ended(frozen);
      expect([exitCode.done, exitCode.partial]).toContain(code);
      // It had ended already, or says that it has lost the lease.
      expect(code === exitCode.done ? "lost the lease" : output).toContain("lost the lease");
      expect(await allRows(world.history)).toEqual(before);
      expect(await tablesOf(world.history)).toEqual(expected);
    }
  },
);

/** All that a sync leaves behind, but for when it happened. */
async function tablesOf({ pool }: TestHistory): Promise<unknown> {
  const { rows } = await pool.query(`
    select
      (select json_agg(t order by pipeline_uuid, run_uuid, task_uuid, executed_at, ordinal) from runledger.task_runs t) as task_runs,
      (select json_agg(r order by pipeline_uuid, run_uuid) from runledger.runs r) as runs,
      (select json_agg(to_jsonb(p) - 'fetched_at' order by subject_uuid, period, date_from) from runledger.period_stats p) as stats,
      (select json_agg(to_jsonb(c) - 'checked_at' order by pipeline_uuid, day) from runledger.coverage c) as coverage,
      (select json_agg(p order by pipeline_uuid) from runledger.pipelines p) as pipelines`);
  return rows[0];
}

function startSync({ sandbox, config }: World, databaseUrl: string, leaseTiming = SOON): ChildProcess {
  const { url, clientId, clientSecret } = sandbox;
  const edge = { history: { url: databaseUrl }, sandbox: { url, clientId, clientSecret }, config, now: NOW };
  return spawn(
    process.execPath,
    [join(import.meta.dirname, "sync-process.ts"), JSON.stringify({ ...edge, leaseTiming })],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
}

async function ended(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  const [[code], ...output] = await Promise.all([
    child.exitCode === null && child.signalCode === null ? once(child, "exit") : [child.exitCode],
    ...[child.stdout, child.stderr].map((stream) => (stream ? text(stream) : "")),
  ]);
  return { code, output: output.join("") };
}

/** Resolves when the server has been asked so often, or the process has ended by itself. */
async function asked({ sandbox }: World, times: number, child: ChildProcess): Promise<void> {
  while (sandbox.requests.length < times && child.exitCode === null) {
    await sleep(2);
  }
}

async function untilHeld({ history }: World): Promise<void> {
  while ((await history.pool.query("select from runledger.pipeline_leases")).rowCount === 0) {
    await sleep(2);
  }
}
