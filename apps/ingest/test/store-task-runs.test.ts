import { randomUUID } from "node:crypto";
import { inTransaction } from "@runledger/history";
import { createTestHistory, type TestHistory } from "@runledger/history/testing";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { storeTaskRuns } from "../src/store/store-task-runs.ts";
import type { StoredTaskRun } from "../src/store/stored-task-run.ts";

let history: TestHistory;
beforeAll(async () => {
  history = await createTestHistory();
});
afterAll(() => history[Symbol.asyncDispose]());

const RUNS = [1, 2].map((n) => `00000000-0000-4000-8000-00000000000${n}`);
const TASKS = [1, 2].map((n) => `00000000-0000-4000-9000-00000000000${n}`);

/** Few values each, so that rows collide in every way they can. */
const taskRun: fc.Arbitrary<StoredTaskRun> = fc.record({
  runUuid: fc.constantFrom(...RUNS),
  taskUuid: fc.constantFrom(...TASKS),
  executedAt: fc.constantFrom(
    "2026-03-01T00:00:00.000000Z",
    "2026-03-01T00:00:00.000001Z",
    "2026-03-01T00:00:01.000000Z",
  ),
  durationMs: fc.constantFrom(0, 7),
  metricValue: fc.constantFrom(null, 0, 0.1),
  isSuccessful: fc.boolean(),
  taskType: fc.constantFrom("query", "tab\tnew\nline\\N"),
  outputState: fc.constant("empty" as const),
  output: fc.constant(null),
  errorMessage: fc.constant(null),
});

async function store(pipelineUuid: string, rows: readonly StoredTaskRun[]) {
  return rows.length === 0
    ? { newRows: 0 }
    : inTransaction(history, (transaction) => storeTaskRuns(transaction, pipelineUuid, rows));
}

async function stored(pipelineUuid: string) {
  const { rows } = await history.pool.query(
    `select run_uuid, task_uuid, to_char(executed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as executed_at,
            ordinal, duration_ms, metric_value, is_successful, task_type
     from runledger.task_runs where pipeline_uuid = $1
     order by run_uuid, task_uuid, executed_at, ordinal`,
    [pipelineUuid],
  );
  return rows;
}

function factsOf(row: StoredTaskRun): string {
  const { runUuid, taskUuid, executedAt, durationMs, metricValue, isSuccessful, taskType } = row;
  return JSON.stringify([runUuid, taskUuid, executedAt, durationMs, metricValue, isSuccessful, taskType]);
}

test("stores exactly the source's rows, whatever overlaps, repeats and arrives late", async () => {
  const answers = fc.array(taskRun, { maxLength: 12 }).chain((rows) =>
    fc.record({
      rows: fc.constant(rows),
      // Each earlier answer saw some of the rows; the last one sees all.
      earlier: fc.array(fc.shuffledSubarray(rows), { maxLength: 3 }),
      last: fc.shuffledSubarray(rows, { minLength: rows.length }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(answers, async ({ rows, earlier, last }) => {
      const pipelineUuid = randomUUID();
      let newRows = 0;
      for (const answer of [...earlier, last]) {
        newRows += (await store(pipelineUuid, answer)).newRows;
      }
      const table = await stored(pipelineUuid);
      const facts = table.map((r) =>
        JSON.stringify([
          r.run_uuid,
          r.task_uuid,
          r.executed_at,
          r.duration_ms,
          r.metric_value,
          r.is_successful,
          r.task_type,
        ]),
      );
      expect(facts.toSorted()).toEqual(rows.map(factsOf).toSorted());
      expect(newRows).toBe(rows.length);
      // The same rows at once, in another order, give the same ordinals.
      const other = randomUUID();
      await store(other, rows);
      expect(await stored(other)).toEqual(table);
      // Pulled again, nothing changes.
      expect((await store(pipelineUuid, last)).newRows).toBe(0);
      expect(await stored(pipelineUuid)).toEqual(table);
    }),
    { numRuns: 60 },
  );
});

test("never loses a row that an earlier answer had and a later one has not", async () => {
  const pipelineUuid = randomUUID();
  const base = {
    taskUuid: TASKS[0] ?? "",
    runUuid: RUNS[0] ?? "",
    executedAt: "2026-03-01T00:00:00.000000Z",
  };
  const twin = (durationMs: number): StoredTaskRun => ({
    ...base,
    durationMs,
    metricValue: null,
    isSuccessful: true,
    taskType: "for_each",
    outputState: "empty",
    output: null,
    errorMessage: null,
  });
  await store(pipelineUuid, [twin(1), twin(3)]);
  await store(pipelineUuid, [twin(2)]);
  const table = await stored(pipelineUuid);
  expect(table.map((r) => [r.ordinal, r.duration_ms])).toEqual([
    [0, 1],
    [1, 2],
    [2, 3],
  ]);
});

/** `outputs: none` of today takes nothing away that yesterday's configuration kept. */
test("keeps an output that one answer had and another one dropped, in whichever order they come", async () => {
  const row = (kept: Pick<StoredTaskRun, "outputState" | "output" | "errorMessage">): StoredTaskRun => ({
    runUuid: RUNS[0] ?? "",
    taskUuid: TASKS[0] ?? "",
    executedAt: "2026-03-01T00:00:00.000000Z",
    durationMs: 1,
    metricValue: null,
    isSuccessful: false,
    taskType: "query",
    ...kept,
  });
  const dropped = row({ outputState: "dropped", output: null, errorMessage: null });
  const opaque = row({ outputState: "opaque", output: Buffer.from("sealed"), errorMessage: null });
  const plain = row({ outputState: "plain", output: Buffer.from("no table"), errorMessage: "no table" });
  const afterAllOf = async (...answers: StoredTaskRun[]) => {
    const pipelineUuid = randomUUID();
    for (const answer of answers) await store(pipelineUuid, [answer]);
    const { rows } = await history.pool.query<{ output_state: string; output: string | null }>(
      `select output_state, convert_from(output, 'UTF8') as output, error_message
       from runledger.task_runs where pipeline_uuid = $1`,
      [pipelineUuid],
    );
    return rows;
  };
  const kept = [{ output_state: "plain", output: "no table", error_message: "no table" }];
  expect(await afterAllOf(plain, dropped)).toEqual(kept);
  expect(await afterAllOf(dropped, plain)).toEqual(kept);
  // Of two that kept it, the later answer counts: it may have been read with the key.
  expect(await afterAllOf(opaque, plain)).toEqual(kept);
  expect(await afterAllOf(opaque, dropped, plain, dropped)).toEqual(kept);
});

test("does not rewrite what did not change", async () => {
  const pipelineUuid = randomUUID();
  const rows = fc.sample(taskRun, { numRuns: 20, seed: 5 });
  await store(pipelineUuid, rows);
  const versions = () =>
    history.pool.query("select xmin::text, ctid::text from runledger.task_runs where pipeline_uuid = $1", [
      pipelineUuid,
    ]);
  const before = await versions();
  await store(pipelineUuid, rows.toReversed());
  expect((await versions()).rows).toEqual(before.rows);
});
