import { randomUUID } from "node:crypto";
import { createTestHistory, type TestHistory } from "@runledger/history/testing";
import type { TaskRun } from "@runledger/ylem-client";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { registerPipeline } from "../src/store/register-pipeline.ts";
import { storeRunLog } from "../src/store/store-run-log.ts";

let history: TestHistory;
beforeAll(async () => {
  history = await createTestHistory();
});
afterAll(() => history[Symbol.asyncDispose]());

const TASK: TaskRun = {
  runUuid: "95295cbc-cee7-49cc-a11a-000000000001",
  taskUuid: "1f0d3b52-0000-4000-8000-000000000001",
  taskType: "query",
  isSuccessful: true,
  durationMs: 1000,
  metricValue: 0,
  executedAt: "2026-03-01T00:00:01.000000Z",
  output: { state: "empty", bytes: null },
  errorMessage: null,
};

const PROCESS = randomUUID();

async function newPipeline(): Promise<string> {
  const uuid = randomUUID();
  await history.db
    .insertInto("pipeline_leases")
    .values({ pipeline_uuid: uuid, process_uuid: PROCESS })
    .execute();
  const held = { history, pipelineUuid: uuid, processUuid: PROCESS };
  await registerPipeline(held, { uuid, name: uuid, owner: null, tags: [], tasks: {} });
  return uuid;
}

async function store(pipelineUuid: string, taskRuns: TaskRun[]): Promise<void> {
  const log = { taskRuns, rejected: [], bytes: 0 };
  const through = new Date("2026-03-02T00:00:00Z");
  const held = { history, pipelineUuid, processUuid: PROCESS };
  await storeRunLog(held, log, { through, outputs: "all", now: through });
}

async function runsOf(pipelineUuid: string) {
  const { rows } = await history.pool.query(
    `select task_count, failed_task_count, elapsed_ms, error_message from runledger.runs
     where pipeline_uuid = $1 order by run_uuid`,
    [pipelineUuid],
  );
  return rows;
}

test("keeps every value as it came", async () => {
  const instants = fc
    .date({ min: new Date("1900-01-01"), max: new Date("2249-12-31"), noInvalidDate: true })
    .map((date) => `${date.toISOString().slice(0, -1)}789Z`);
  // NUL is refused, and a lone surrogate replaced, before it gets here.
  const texts = fc.string({ unit: "grapheme", maxLength: 40 }).filter((text) => !text.includes("\0"));
  const large = new Uint8Array(150_000).fill(97);
  const rows = fc.record({
    taskType: texts,
    durationMs: fc.nat(2 ** 31),
    metricValue: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0)),
    executedAt: instants,
    output: fc.oneof(
      fc.constant({ state: "empty" as const, bytes: null }),
      fc.uint8Array({ maxLength: 100 }).map((bytes) => ({ state: "opaque" as const, bytes })),
      fc.constant({ state: "plain" as const, bytes: large }),
    ),
    errorMessage: fc.option(texts),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(rows, { minLength: 1, maxLength: 8 }), async (values) => {
      const pipelineUuid = await newPipeline();
      const taskRuns = values.map((value) => ({ ...TASK, ...value, runUuid: randomUUID() }));
      await store(pipelineUuid, taskRuns);
      const { rows: stored } = await history.pool.query(
        `select run_uuid, task_type, duration_ms, metric_value, (extract(epoch from executed_at) * 1000000)::text as micros,
                encode(output, 'hex') as output, output_state, error_message
         from runledger.task_runs where pipeline_uuid = $1`,
        [pipelineUuid],
      );
      const byRun = new Map(stored.map((row) => [row.run_uuid, row]));
      for (const { runUuid, executedAt, output, ...taskRun } of taskRuns) {
        const micros = BigInt(Date.parse(executedAt)) * 1000n + 789n;
        expect(byRun.get(runUuid)).toEqual({
          run_uuid: runUuid,
          task_type: taskRun.taskType,
          duration_ms: taskRun.durationMs,
          metric_value: taskRun.metricValue,
          micros: expect.stringMatching(new RegExp(`^${micros}(\\.0+)?$`, "u")),
          output: output.bytes === null ? null : Buffer.from(output.bytes).toString("hex"),
          output_state: output.state,
          error_message: taskRun.errorMessage,
        });
      }
    }),
    { numRuns: 20 },
  );
});

test("counts to a run what an earlier answer had and a later one no longer has", async () => {
  const pipelineUuid = await newPipeline();
  await store(pipelineUuid, [TASK]);
  await store(pipelineUuid, [{ ...TASK, executedAt: "2026-03-01T00:00:05.000000Z" }]);
  expect(await runsOf(pipelineUuid)).toEqual([
    { task_count: 2, failed_task_count: 0, elapsed_ms: 5000, error_message: null },
  ]);
});

test("makes a run anew from all its rows when one arrives late between them", async () => {
  const pipelineUuid = await newPipeline();
  const first = { ...TASK, executedAt: "2026-03-01T00:00:01.000000Z" };
  const last = { ...TASK, executedAt: "2026-03-01T00:00:09.000000Z" };
  const late = {
    ...TASK,
    executedAt: "2026-03-01T00:00:04.000000Z",
    isSuccessful: false,
    errorMessage: "no table",
  };
  await store(pipelineUuid, [last, first]);
  await store(pipelineUuid, [last, late, first]);
  expect(await runsOf(pipelineUuid)).toEqual([
    { task_count: 3, failed_task_count: 1, elapsed_ms: 9000, error_message: "no table" },
  ]);
});

test("leaves the runs alone when nothing is new", async () => {
  const pipelineUuid = await newPipeline();
  const versions = async () =>
    (
      await history.pool.query("select xmin::text, ctid::text from runledger.runs where pipeline_uuid = $1", [
        pipelineUuid,
      ])
    ).rows;
  const other = { ...TASK, runUuid: randomUUID() };
  await store(pipelineUuid, [TASK, other]);
  const before = await versions();
  await store(pipelineUuid, [other, TASK]);
  expect(await versions()).toEqual(before);
});
