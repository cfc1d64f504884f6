import { createTestHistory, type TestHistory } from "@runledger/history/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readRuns } from "../src/read-runs.ts";

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

it("gives what the table has, both ends included, with microseconds cut off", async () => {
  const runs = (await readRuns(history, orders, range)).inOrder();
  expect(Array.from({ length: runs.length }, (_, index) => runs.at(index))).toEqual([
    {
      runUuid: uuidOf("01"),
      pipelineUuid: orders,
      startedAt: new Date("2026-03-15T23:59:59Z"),
      finishedAt: new Date("2026-03-16T00:00:00Z"),
      elapsedMs: 1000,
      isSuccessful: false,
      taskCount: 2,
      failedTaskCount: 1,
      firstFailedTaskUuid: load,
      errorMessage: "Überlauf: 100 €",
    },
    expect.objectContaining({
      runUuid: uuidOf("03"),
      startedAt: new Date("2026-03-16T11:59:00.123Z"),
      finishedAt: new Date("2026-03-16T12:00:00.123Z"),
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

it("gives no runs of a pipeline that has none", async () => {
  expect((await readRuns(history, load, range)).length).toBe(0);
});

it("gives the connection back when the query fails, and reads on", async () => {
  await expect(readRuns(history, "no uuid", range)).rejects.toThrow("invalid input syntax for type uuid");
  expect((await readRuns(history, billing, range)).length).toBe(1);
});

function uuidOf(run: string): string {
  return `00000000-0000-4000-8000-0000000000${run}`;
}
