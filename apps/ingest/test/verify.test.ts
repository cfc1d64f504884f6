import { exitCode } from "@runledger/cli";
import type { TestHistory } from "@runledger/history/testing";
import type { TaskRunRow } from "@runledger/ylem-sandbox";
import { expect, test } from "vitest";
import { backfill } from "../src/commands/backfill.ts";
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
  type TaskShape,
} from "./sync-world.ts";

const task = (more: Partial<TaskShape> = {}): TaskShape => ({
  isSuccessful: true,
  durationMs: 1000,
  micros: 0,
  copies: 1,
  ...more,
});

/** A run every half hour of the first four days. */
const rows = rowsOf(
  ORDERS,
  Array.from({ length: 192 }, (_, index) => ({
    startSecond: index * 1800 + 60,
    tasks: [task(), task({ isSuccessful: index % 10 > 0 })],
  })),
);
const NOW = at(4 * DAY_S + DAY_S / 2);

/** Takes rows out of the source's log, though not out of its statistics. */
function hideFromLog(world: Awaited<ReturnType<typeof setUp>>, isHidden: (row: TaskRunRow) => boolean): void {
  const tell = world.source.runLog.bind(world.source);
  world.source.runLog = (...question) => tell(...question).filter((row) => !isHidden(row));
}

async function loseRows({ pool }: TestHistory, where: string): Promise<void> {
  await pool.query(`delete from runledger.task_runs where ${where}`);
}

test("finds a stored row that was lost, and puts it back only when asked to repair", async () => {
  await using world = await setUp(rows, { now: NOW });
  await sync(world.context(), {});
  await loseRows(world.history, "executed_at between '2026-03-02 10:00Z' and '2026-03-02 11:00Z'");

  const context = world.context();
  expect(await verify(context, {})).toBe(exitCode.partial);
  expect(context.printed.out).toContain("2026-03-02");
  expect((await coverageOf(world.history, ORDERS))["2026-03-02"]).toBe("disputed");

  const json = world.context(NOW, { isJson: true });
  expect(await verify(json, { from: "2026-03-02", to: "2026-03-02", repair: true })).toBe(exitCode.done);
  expect(JSON.parse(json.printed.out)).toMatchObject({ daysVerified: 1, daysRepaired: 1, rowsNew: 4 });
  expect(await storedRows(world.history)).toEqual(sourceRows(rows));
  expect((await coverageOf(world.history, ORDERS))["2026-03-02"]).toBe("proven");
  expect(await verify(world.context(), {})).toBe(exitCode.done);
});

test("a sync puts back what was lost, too", async () => {
  await using world = await setUp(rows, { now: NOW });
  await sync(world.context(), {});
  await loseRows(world.history, "executed_at < '2026-03-01 00:45Z'");
  const context = world.context();
  expect(await sync(context, {})).toBe(exitCode.done);
  expect(context.printed.out).toContain("5 days verified, 1 repaired");
  expect(await storedRows(world.history)).toEqual(sourceRows(rows));
});

test("a sync puts back what was lost of a day that is long proven", async () => {
  await using world = await setUp(rows, { now: NOW });
  await sync(world.context(), {});
  const later = at(90 * DAY_S);
  await sync(world.context(later), {});
  await loseRows(world.history, "executed_at < '2026-03-01 00:45Z'");
  expect(await sync(world.context(later), {})).toBe(exitCode.done);
  expect(await storedRows(world.history)).toEqual(sourceRows(rows));
});

test("a sync finds a stored row that somebody changed", async () => {
  await using world = await setUp(rows, { now: NOW });
  await sync(world.context(), {});
  await world.history.pool.query(
    "update runledger.task_runs set is_successful = false where executed_at < '2026-03-02 00:05Z' and is_successful",
  );
  expect(await sync(world.context(), {})).toBe(exitCode.partial);
  expect((await coverageOf(world.history, ORDERS))["2026-03-01"]).toBe("disputed");
});

test("takes a log with fewer rows than the statistics say for a dispute, every night until it has them", async () => {
  await using world = await setUp(rows, { now: NOW });
  const hidden = rows.slice(100, 104);
  hideFromLog(world, (row) => hidden.includes(row));
  for (const _night of [1, 2]) {
    const context = world.context();
    expect(await sync(context, {})).toBe(exitCode.partial);
    expect(context.printed.out).toContain("Stored rows and the source's statistics disagree");
    expect(await coverageOf(world.history, ORDERS)).toMatchObject({
      "2026-03-01": "proven",
      "2026-03-02": "disputed",
      "2026-03-05": "open",
    });
  }
  const { rows: disagreements } = await world.history.pool.query(
    "select day, source_task_runs - stored_task_runs as missing from runledger.disagreements",
  );
  expect(disagreements).toEqual([{ day: "2026-03-02", missing: 4 }]);

  hidden.length = 0;
  expect(await sync(world.context(), {})).toBe(exitCode.done);
  expect(await storedRows(world.history)).toEqual(sourceRows(rows));
});

test("explains a dispute by the rows that could not be read", async () => {
  const unreadable = rowsOf(ORDERS, [{ startSecond: 2000, tasks: [task()] }]).map((row) => ({
    ...row,
    runUuid: "no uuid",
  }));
  await using world = await setUp([...rows, ...unreadable], { now: NOW });
  expect(await sync(world.context(), {})).toBe(exitCode.done);
  const { rows: disagreements } = await world.history.pool.query(
    "select day, quarantined_rows from runledger.disagreements",
  );
  expect(disagreements).toEqual([{ day: "2026-03-01", quarantined_rows: 1 }]);
});

test("leaves days unverified when the source gives no statistics", async () => {
  await using world = await setUp(rows, { now: NOW });
  world.sandbox.faults.next({
    match: "/aggregated-stats/",
    times: 1000,
    fault: { kind: "status", status: 500 },
  });
  const sleep = async () => {};
  expect(await sync(world.context(NOW, { ylemOptions: { sleep } }), {})).toBe(exitCode.partial);
  expect(new Set(Object.values(await coverageOf(world.history, ORDERS)))).toEqual(new Set(["unverified"]));
  expect(await storedRows(world.history)).toEqual(sourceRows(rows));
  world.sandbox.faults.clear();
  expect(await sync(world.context(), {})).toBe(exitCode.done);
  expect((await coverageOf(world.history, ORDERS))["2026-03-01"]).toBe("proven");
});

test("is not stopped by a task that the source refuses to speak of", async () => {
  await using world = await setUp(rows, { now: NOW });
  const refusing: typeof fetch = async (url, init) =>
    new Request(url).url.includes(`/tasks/${rows[0]?.taskUuid}/`)
      ? new Response("", { status: 404 })
      : fetch(url, init);
  expect(await sync(world.context(NOW, { ylemOptions: { fetch: refusing } }), {})).toBe(exitCode.done);
  expect((await coverageOf(world.history, ORDERS))["2026-03-01"]).toBe("proven");
});

test("finds a task it never saw in a run it knows", async () => {
  const [known, unknown] = [rows[10], rows[11]];
  await using world = await setUp([], { now: NOW });
  const late = rows.map((row) =>
    row === unknown ? { ...row, taskUuid: CRM, visibleAtMicros: BigInt(NOW.getTime() + 1000) * 1000n } : row,
  );
  world.source.add(late);
  await sync(world.context(), {});
  expect(await storedRows(world.history)).toEqual(sourceRows(late.filter((row) => row.taskUuid !== CRM)));
  expect(await sync(world.at(new Date(NOW.getTime() + 2000)), {})).toBe(exitCode.done);
  expect(await storedRows(world.history)).toEqual(sourceRows(late));
  expect(known?.runUuid).toBe(unknown?.runUuid);
});

test("backfills days and moves the watermark only where they join on to it", async () => {
  await using world = await setUp(rows, { now: NOW });
  const watermark = async () => {
    const { synced_through } = await world.history.db
      .selectFrom("pipelines")
      .select("synced_through")
      .where("pipeline_uuid", "=", ORDERS)
      .executeTakeFirstOrThrow();
    return synced_through;
  };
  expect(await backfill(world.context(), { from: "2026-03-02", to: "2026-03-02" })).toBe(exitCode.done);
  expect(await watermark()).toBeNull();
  const ofTheDay = rows.filter((row) => dayOf(row) === "2026-03-02");
  expect(await storedRows(world.history)).toEqual(sourceRows(ofTheDay));
  expect(await coverageOf(world.history, ORDERS)).toEqual({ "2026-03-02": "proven" });

  expect(await backfill(world.context(), { from: "2026-03-01", to: "2026-03-03" })).toBe(exitCode.done);
  expect(await watermark()).toEqual(at(3 * DAY_S));
  await backfill(world.context(), { from: "2026-03-01", to: "2026-03-01" });
  expect(await watermark()).toEqual(at(3 * DAY_S));
  await sync(world.context(), {});
  expect(await storedRows(world.history)).toEqual(sourceRows(rows));
});

test("refuses days in the wrong order or still to come", async () => {
  await using world = await setUp([], { now: NOW });
  await expect(backfill(world.context(), { from: "2026-03-02", to: "2026-03-01" })).rejects.toThrow(
    "lies after",
  );
  await expect(verify(world.context(), { to: "2026-04-01" })).rejects.toThrow("is in the future");
});

function dayOf({ executedAtMicros }: TaskRunRow): string {
  return new Date(Number((executedAtMicros ?? 0n) / 1000n)).toISOString().slice(0, 10);
}
