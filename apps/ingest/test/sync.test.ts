import { readFile, writeFile } from "node:fs/promises";
import { exitCode } from "@runledger/cli";
import type { TestHistory } from "@runledger/history/testing";
import type { SourceHistory, TaskRunRow } from "@runledger/ylem-sandbox";
import fc from "fast-check";
import { expect, test } from "vitest";
import { sync } from "../src/commands/sync.ts";
import { CRM, ORDERS, rowsOf, runShapes, setUp, sourceRows, START, storedRows } from "./sync-world.ts";

const NOW = new Date("2026-03-04T06:00:00Z");

const inWorld = (rows: readonly TaskRunRow[], options: Partial<Parameters<typeof setUp>[1]> = {}) =>
  setUp(rows, { now: NOW, ...options });

test.each(["server", "reference"] as const)(
  "stores what the source has, in its %s dialect",
  async (dialect) => {
    await fc.assert(
      fc.asyncProperty(runShapes, runShapes, async (orders, crm) => {
        const rows = [...rowsOf(ORDERS, orders), ...rowsOf(CRM, crm)];
        await using world = await inWorld(rows, { dialect });
        expect(await sync(world.context(), {})).toBe(exitCode.done);
        expect(await storedRows(world.history)).toEqual(sourceRows(rows));
        await expectRunsToFollow(world.history, rows);
        await expectStatisticsOf(world.history, world.source, rows);
      }),
      { numRuns: 3 },
    );
  },
);

/** `runs`, worked out a second time from the source's rows. */
async function expectRunsToFollow({ pool }: TestHistory, rows: readonly TaskRunRow[]): Promise<void> {
  const { rows: stored } = await pool.query(
    `select run_uuid, (extract(epoch from started_at) * 1000000)::bigint::text as started,
            (extract(epoch from finished_at) * 1000000)::bigint::text as finished, elapsed_ms,
            task_duration_ms, task_count, failed_task_count, is_successful, first_failed_task_uuid, error_message
     from runledger.runs order by run_uuid`,
  );
  const byRun = Map.groupBy(rows, (row) => row.runUuid);
  const expected = [...byRun].map(([runUuid, ofRun]) => {
    let [started, finished] = [2n ** 62n, 0n];
    for (const { executedAtMicros, durationMs } of ofRun) {
      const end = executedAtMicros ?? 0n;
      const start = end - BigInt(durationMs) * 1000n;
      started = start < started ? start : started;
      finished = end > finished ? end : finished;
    }
    const failed = ofRun.filter((row) => !row.isSuccessful);
    const first = failed.toSorted((a, b) =>
      Number((a.executedAtMicros ?? 0n) - (b.executedAtMicros ?? 0n)),
    )[0];
    return {
      run_uuid: runUuid,
      started: String(started),
      finished: String(finished),
      elapsed_ms: Number(finished - started) / 1000,
      task_duration_ms: ofRun.reduce((sum, row) => sum + row.durationMs, 0),
      task_count: ofRun.length,
      failed_task_count: failed.length,
      is_successful: failed.length === 0,
      first_failed_task_uuid: first?.taskUuid ?? null,
      error_message: first ? "no table" : null,
    };
  });
  expect(stored).toEqual(expected.toSorted((a, b) => (a.run_uuid < b.run_uuid ? -1 : 1)));
}

/** The daily statistics of pipelines and tasks are stored as the source has them; longer periods add up. */
async function expectStatisticsOf({ pool }: TestHistory, source: SourceHistory, rows: readonly TaskRunRow[]) {
  const { rows: stored } = await pool.query<Record<string, string | number>>(
    `select subject_kind, subject_uuid, extract(epoch from date_from)::int as from, num_of_successes, num_of_failures,
            average_duration_ms
     from runledger.period_stats where period = 'day' and subject_kind = 'pipeline'`,
  );
  const pipelines = [...new Set(rows.map((row) => row.pipelineUuid))];
  const expected = pipelines.flatMap((uuid) =>
    source.aggregatedStats("pipeline", uuid, START, "day", 4, NOW).map((stats) => ({
      subject_kind: "pipeline",
      subject_uuid: uuid,
      from: stats.fromSec,
      num_of_successes: stats.successes,
      num_of_failures: stats.failures,
      average_duration_ms: stats.averageDurationMs,
    })),
  );
  expect(stored).toHaveLength(expected.length);
  expect(stored).toEqual(expect.arrayContaining(expected));
  const { rows: sums } = await pool.query<{ sum: string }>(
    `select distinct sum(num_of_successes + num_of_failures)::text as sum
     from runledger.period_stats where subject_kind = 'task' and period in ('week', 'month', 'quarter', 'year')
     group by period`,
  );
  expect(sums).toEqual(rows.length === 0 ? [] : [{ sum: String(rows.length) }]);
  const { rows: snapshots } = await pool.query(
    "select 1 from runledger.stat_snapshots where subject_kind = 'pipeline'",
  );
  expect(snapshots).toHaveLength(2);
}

test("changes nothing when it pulls the same again, and asks little for it", async () => {
  await using world = await inWorld(rowsOf(ORDERS, fc.sample(runShapes, { numRuns: 1, seed: 3 })[0] ?? []));
  await sync(world.context(), {});
  const dump = () =>
    world.history.pool.query(
      `select (select array_agg(t order by run_uuid, task_uuid, executed_at, ordinal) from runledger.task_runs t)::text as rows,
              (select array_agg(r order by run_uuid) from runledger.runs r)::text as runs,
              (select array_agg(p order by subject_uuid, period, date_from) from runledger.period_stats p)::text as stats`,
    );
  const before = await dump();
  world.sandbox.resetCounters();
  expect(await sync(world.context(), {})).toBe(exitCode.done);
  expect((await dump()).rows).toEqual(before.rows);
  const requests = world.sandbox.requests.filter(({ path }) => path.includes(ORDERS));
  expect(requests.length).toBeLessThanOrEqual(3);
});

test("goes on from the watermark and finds rows that became visible within the overlap", async () => {
  const [early, late] = [
    rowsOf(ORDERS, fc.sample(runShapes, { numRuns: 1, seed: 8 })[0] ?? []),
    rowsOf(ORDERS, [
      {
        startSecond: 3 * 86_400,
        tasks: [{ isSuccessful: true, durationMs: 1000, micros: 999_999, copies: 1 }],
      },
    ]),
  ];
  await using world = await inWorld(early, { clock: () => new Date("2026-03-05T00:00:00Z") });
  await sync(world.context(new Date("2026-03-04T00:30:00Z")), {});
  world.source.add(late);
  await sync(world.context(NOW), {});
  expect(await storedRows(world.history)).toEqual(sourceRows([...early, ...late]));
});

test("lets the other pipelines land when one fails, and completes it the next time", async () => {
  const rows = [ORDERS, CRM].flatMap((uuid) =>
    rowsOf(uuid, fc.sample(runShapes, { numRuns: 1, seed: 9 })[0] ?? []),
  );
  await using world = await inWorld(rows);
  await world.history.pool.query(
    `create function refuse() returns trigger language plpgsql as $$ begin raise exception 'disk is full'; end $$;
     create trigger refuse before insert on runledger.task_runs for each row
       when (new.pipeline_uuid = '${ORDERS}') execute function refuse()`,
  );
  const context = world.context();
  expect(await sync(context, {})).toBe(exitCode.partial);
  expect(context.printed.out).toContain("✖ orders: disk is full");
  const ofCrm = rows.filter((row) => row.pipelineUuid === CRM);
  expect(await storedRows(world.history)).toEqual(sourceRows(ofCrm));
  const { rows: ledger } = await world.history.pool.query(
    "select outcome, rows_new, error from runledger.syncs",
  );
  expect(ledger).toEqual([{ outcome: "partial", rows_new: ofCrm.length, error: "orders: disk is full" }]);

  await world.history.pool.query("drop trigger refuse on runledger.task_runs");
  expect(await sync(world.context(), {})).toBe(exitCode.done);
  expect(await storedRows(world.history)).toEqual(sourceRows(rows));
});

test("keeps a row that does not parse, once, beside the good ones", async () => {
  const rows = rowsOf(ORDERS, [
    { startSecond: 100, tasks: [{ isSuccessful: true, durationMs: 5, micros: 0, copies: 1 }] },
  ]);
  const timeless = rows.map((row) => ({ ...row, taskUuid: CRM, executedAtMicros: null }));
  await using world = await inWorld([...rows, ...timeless]);
  const context = world.context();
  expect(await sync(context, {})).toBe(exitCode.done);
  await sync(world.context(), {});
  expect(context.printed.out).toContain("1 row did not parse");
  expect(await storedRows(world.history)).toEqual(sourceRows(rows));
  const { rows: kept } = await world.history.pool.query(
    "select reason, row->>'task_uuid' as task from runledger.quarantined_rows",
  );
  expect(kept).toEqual([{ reason: expect.stringContaining("executed_at"), task: CRM }]);
});

test("records what agreements promise, so that a change counts from the next week on", async () => {
  await using world = await inWorld([]);
  const pipelines = await readFile(world.config, "utf8");
  for (const target of ["98%", "95%", "95%"]) {
    await writeFile(
      world.config,
      `${pipelines}agreements:
  - { agreement: daily, title: Daily, objectives: [{ id: ok, pipeline: orders, success: {}, target: ${target} }] }
`,
    );
    await sync(world.context(), {});
  }
  const { rows } = await world.history.pool.query(
    "select agreement, applies_from, recorded_at from runledger.definitions order by number",
  );
  expect(rows).toEqual([
    { agreement: "daily", applies_from: null, recorded_at: NOW },
    { agreement: "daily", applies_from: "2026-W11", recorded_at: NOW },
  ]);
});

test("prints one JSON document when asked", async () => {
  await using world = await inWorld([]);
  const context = { ...world.context(), isJson: true };
  await sync(context, {});
  expect(JSON.parse(context.printed.out)).toMatchObject({
    rowsNew: 0,
    pipelines: [{ pipeline: "orders", error: null }, { pipeline: "crm" }],
  });
});
