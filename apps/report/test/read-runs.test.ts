import { createTestHistory, type TestHistory } from "@runledger/history/testing";
import fc from "fast-check";
import { to as copyTo } from "pg-copy-streams";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readRuns } from "../src/store/read-runs.ts";
import type { Run, Runs } from "@runledger/sla";
import { instant } from "@runledger/sla/testing/sla-fixture";
import { packedRuns, unpackedRuns } from "../src/store/packed-runs.ts";

const orders = "7b1c0f7e-0000-4000-8000-000000000001";
const billing = "7b1c0f7e-0000-4000-8000-000000000002";
const load = "1f0d3b52-0000-4000-8000-000000000002";
const range = { from: new Date("2026-03-16T00:00:00Z"), through: new Date("2026-03-17T00:00:00Z") };

let history: TestHistory;
beforeAll(async () => {
  history = await createTestHistory();
  const rows = [
    [orders, "03", "2026-03-16 12:00:00.123999Z", 60_000.5, null, 3, 0, true, null],
    [orders, "01", "2026-03-16 00:00:00Z", 1000, load, 2, 1, false, "Überlauf: 100 €"],
    [orders, "02", "2026-03-17 00:00:00Z", 1000, null, 5, 2, false, null],
    [orders, "04", "2026-03-15 23:59:59.999999Z", 1000, null, 1, 0, true, null],
    [orders, "05", "2026-03-17 00:00:00.000001Z", 1000, null, 1, 0, true, null],
    [billing, "06", "2026-03-16 12:00:00Z", 1000, null, 1, 0, true, null],
  ];
  for (const [pipeline, run, finish, elapsed, ...rest] of rows) {
    await history.pool.query(
      `insert into runledger.runs
       values ($1, $2, $3::timestamptz - $4::float8 * interval '1 ms', $3, $4, 0, $5, $6, $7, $8, $9)`,
      [pipeline, uuidOf(String(run)), finish, elapsed, ...rest],
    );
  }
});
afterAll(() => history[Symbol.asyncDispose]());

it("gives what the table has, both ends included, to the microsecond", async () => {
  const [runs] = await readAll(history, [orders]);
  expect(runs && listOf(runs)).toEqual([
    {
      runUuid: uuidOf("01"),
      pipelineUuid: orders,
      startedAt: instant("2026-03-15T23:59:59Z"),
      finishedAt: instant("2026-03-16T00:00:00Z"),
      elapsedMs: 1000,
      isSuccessful: false,
      taskCount: 2,
      failedTaskCount: 1,
      firstFailedTaskUuid: load,
      errorMessage: "Überlauf: 100 €",
    },
    expect.objectContaining({
      runUuid: uuidOf("03"),
      startedAt: instant("2026-03-16T11:59:00.123499Z"),
      finishedAt: instant("2026-03-16T12:00:00.123999Z"),
      elapsedMs: 60_000.5,
      isSuccessful: true,
      taskCount: 3,
      failedTaskCount: 0,
    }),
    expect.objectContaining({
      runUuid: uuidOf("02"),
      isSuccessful: false,
      failedTaskCount: 2,
      firstFailedTaskUuid: null,
      errorMessage: null,
    }),
  ]);
});

it("gives pipelines as they were asked for, one that has no runs among them", async () => {
  const read = await readAll(history, [load, billing, orders]);
  expect(read.map(({ pipelineUuid, length }) => [pipelineUuid, length])).toEqual([
    [load, 0],
    [billing, 1],
    [orders, 3],
  ]);
});

it("gives a connection back that can be used, when the query fails and when nobody reads on", async () => {
  await expect(readAll(history, ["no uuid"])).rejects.toThrow("invalid input syntax for type uuid");
  for await (const runs of readRuns(history, [orders, billing], range)) {
    expect(runs.length).toBe(3);
    break;
  }
  expect(await readAll(history, [billing])).toHaveLength(1);
});

it("gives any runs as a plain query does, however their bytes are cut into pieces", async () => {
  const failure = fc.record({
    failed_task_count: fc.integer({ min: 1, max: 9 }),
    first_failed_task_uuid: fc.option(fc.constantFrom(load, orders)),
    error_message: fc.option(fc.constantFrom("", "timeout", "Überlauf", '{"a": null}')),
  });
  const made = fc.record({
    pipeline_uuid: fc.constantFrom(orders, billing),
    run_uuid: fc.uuid(),
    // Many finish in the same millisecond or microsecond.
    micros: fc.nat(3000),
    elapsedMicros: fc.nat(5_000_000),
    task_count: fc.nat(2 ** 31 - 1),
    failure: fc.option(failure, { freq: 2 }),
  });
  const runs = fc.uniqueArray(made, { selector: (each) => each.run_uuid, maxLength: 40 });
  await using fresh = await createTestHistory();
  await fc.assert(
    fc.asyncProperty(runs, fc.array(fc.nat(3000)), async (rows, cuts) => {
      await fresh.pool.query("truncate runledger.runs");
      await fresh.pool.query(insertMade, [JSON.stringify(rows)]);
      const asked = [billing, load, orders];
      const expected = await plainQuery(fresh, asked);

      const client = await fresh.pool.connect();
      const pieces: Buffer[] = [];
      for await (const piece of client.query(copyTo(`copy (${packed(asked)}) to stdout (format binary)`))) {
        pieces.push(piece);
      }
      client.release();
      const unpacked: Run[] = [];
      for await (const each of unpackedRuns(cutAt(Buffer.concat(pieces), cuts))) {
        unpacked.push(...listOf(each));
      }
      expect(unpacked).toEqual(expected);
    }),
    { numRuns: 50 },
  );
});

it("reads runs from one end of an index to the other, and of the table only the failed ones", async () => {
  const client = await history.pool.connect();
  // So few rows are read quicker in other ways.
  await client.query("set enable_seqscan = off; set enable_bitmapscan = off");
  const { rows } = await client.query<{ "QUERY PLAN": string }>(`explain ${packed([orders])}`);
  client.release(true);
  const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
  expect(plan).toContain("Index Only Scan using runs_finished_idx");
  expect(plan).toContain("Index Scan using runs_failed_idx");
  expect(plan).not.toContain("Sort");
});

function packed(pipelines: string[]): string {
  return packedRuns({
    pipelineUuids: `'{${pipelines.join()}}'`,
    from: `'${range.from.toISOString()}'`,
    through: `'${range.through.toISOString()}'`,
  });
}

const insertMade = `
  insert into runledger.runs
    (pipeline_uuid, run_uuid, started_at, finished_at, elapsed_ms, task_duration_ms, first_failed_task_uuid,
     task_count, failed_task_count, is_successful, error_message)
  select pipeline_uuid, run_uuid, finished_at - "elapsedMicros" * interval '1 microsecond', finished_at,
         "elapsedMicros" / 1000.0, 0, (failure->>'first_failed_task_uuid')::uuid, task_count,
         coalesce((failure->>'failed_task_count')::int, 0), failure is null, failure->>'error_message'
  from jsonb_to_recordset($1) as made
         (pipeline_uuid uuid, run_uuid uuid, micros int, "elapsedMicros" float8, task_count int, failure jsonb),
       lateral (select timestamptz '2026-03-16 12:00Z' + micros * interval '1 microsecond' as finished_at) as times`;

async function plainQuery({ pool }: TestHistory, pipelines: string[]): Promise<Run[]> {
  const { rows } = await pool.query<Run>(
    `select run_uuid as "runUuid", pipeline_uuid as "pipelineUuid",
            (extract(epoch from started_at) * 1000000)::bigint as "startedAt",
            (extract(epoch from finished_at) * 1000000)::bigint as "finishedAt",
            elapsed_ms as "elapsedMs", is_successful as "isSuccessful", task_count as "taskCount",
            failed_task_count as "failedTaskCount", first_failed_task_uuid as "firstFailedTaskUuid",
            error_message as "errorMessage"
     from runledger.runs
     order by array_position($1::uuid[], pipeline_uuid), finished_at, run_uuid`,
    [pipelines],
  );
  return rows;
}

async function* cutAt(bytes: Buffer, cuts: readonly number[]): AsyncGenerator<Buffer> {
  const places = [0, ...cuts.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b), bytes.length];
  for (const [index, place] of places.entries()) yield bytes.subarray(place, places[index + 1]);
}

async function readAll(from: TestHistory, pipelines: string[]): Promise<Runs[]> {
  const all: Runs[] = [];
  for await (const runs of readRuns(from, pipelines, range)) all.push(runs);
  return all;
}

function listOf(runs: Runs): Run[] {
  return Array.from(runs, (run) => run.toRun());
}

function uuidOf(run: string): string {
  return `00000000-0000-4000-8000-0000000000${run}`;
}
