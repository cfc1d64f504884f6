import { exitCode, type ExitCode } from "@runledger/cli";
import type { TestHistory } from "@runledger/history/testing";
import type { FaultPlan } from "@runledger/ylem-sandbox";
import { YlemError, type YlemClientOptions } from "@runledger/ylem-client";
import fc from "fast-check";
import { expect, test } from "vitest";
import { sync } from "../src/commands/sync.ts";
import { CRM, ORDERS, rowsOf, runShapes, setUp, sourceRows, storedRows } from "./sync-world.ts";

const NOW = new Date("2026-03-04T06:00:00Z");

/** Nobody waits between tries, and a server that hangs is given up on soon. */
const IMPATIENT: Partial<YlemClientOptions> = { sleep: async () => {}, tryTimeoutMs: 2000 };

const rowsOfBoth = (seed: number) =>
  [ORDERS, CRM].flatMap((uuid, index) =>
    rowsOf(uuid, fc.sample(runShapes, { numRuns: 1, seed: seed + index })[0] ?? []),
  );

/** The exit code that the program makes of it. */
async function codeOf(syncing: Promise<ExitCode>): Promise<ExitCode> {
  return syncing.catch((error: unknown) => {
    if (error instanceof YlemError) {
      return exitCode.partial;
    }
    throw error;
  });
}

test("ends complete, or with exit code 1 and the pipelines that are not, whatever goes wrong", async () => {
  const plan = fc.record<FaultPlan>({ rate: fc.constantFrom(0.2, 0.5, 0.8), seed: fc.nat(1000) });
  await fc.assert(
    fc.asyncProperty(plan, fc.nat(1000), async (faults, seed) => {
      const rows = rowsOfBoth(seed);
      await using world = await setUp(rows, { now: NOW });
      world.sandbox.faults.atRandom(faults);
      const context = world.context(NOW, { ylemOptions: IMPATIENT });
      const code = await codeOf(sync(context, {}));
      const stored = await storedRows(world.history);
      const expected = sourceRows(rows);
      const saysWhatIsMissing = /✖ (orders|crm): /u.test(context.printed.out) || stored.length === 0;
      expect(code === exitCode.done ? stored : expected).toEqual(expected);
      expect(code === exitCode.done || saysWhatIsMissing).toBe(true);
      // What has landed is the source's, and nothing twice.
      expect(new Set(expected)).toEqual(new Set([...expected, ...stored]));
      expect(stored.length).toBeLessThanOrEqual(expected.length);

      world.sandbox.faults.clear();
      expect(await sync(world.context(), {})).toBe(exitCode.done);
      expect(await storedRows(world.history)).toEqual(expected);
    }),
    { numRuns: 3 },
  );
});

test("halves a window that the server fails on, down to what it can answer", async () => {
  const rows = rowsOfBoth(7);
  await using world = await setUp(rows, { now: NOW });
  const tell = world.source.runLog.bind(world.source);
  world.source.runLog = (uuid, from, to, asOf) => {
    if (to - from > 3600) {
      throw new Error("more than an hour is too much for this server: it answers 500");
    }
    return tell(uuid, from, to, asOf);
  };
  const code = await sync(world.context(NOW, { ylemOptions: IMPATIENT }), {});
  expect(code).toBe(exitCode.done);
  expect(await storedRows(world.history)).toEqual(sourceRows(rows));
  const logs = world.sandbox.requests.filter(({ path }) => path.includes(`${ORDERS}/logs/`));
  expect(logs.length).toBeLessThan(2 * 78);
});

/** Ends every session of the database but the one that asks. */
async function endSessions({ pool }: TestHistory): Promise<void> {
  await pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and application_name like 'runledger-ingest%'`,
  );
}

test("says which pipelines are not complete when the database goes away, and the next sync completes them", async () => {
  const rows = rowsOfBoth(21);
  for (const request of [2, 5, 9]) {
    await using world = await setUp(rows, { now: NOW });
    let seen = 0;
    const ended = Promise.withResolvers<void>();
    const onRequest = (): void => {
      seen += 1;
      if (seen === request) {
        endSessions(world.history).then(ended.resolve, ended.reject);
      }
    };
    const context = world.context(NOW, { ylemOptions: { ...IMPATIENT, onRequest } });
    const code = await sync(context, {});
    await ended.promise;
    // A session that was idle at that moment is replaced, and nobody notices.
    expect(code === exitCode.done || /✖ (orders|crm): /u.test(context.printed.out)).toBe(true);
    expect(await sync(world.context(), {})).toBe(exitCode.done);
    expect(await storedRows(world.history)).toEqual(sourceRows(rows));
  }
});
