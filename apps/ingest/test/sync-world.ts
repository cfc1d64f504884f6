import { randomUUID } from "node:crypto";
import { createTestHistory, type TestHistory } from "@runledger/history/testing";
import { SourceHistory, startSandbox, type TaskRunRow } from "@runledger/ylem-sandbox";
import fc from "fast-check";
import type { YlemContext } from "../src/sync/ylem.ts";
import { commandContext, configFolder } from "./sync-fixture.ts";

export const ORDERS = "7b1c0f7e-0000-4000-8000-000000000001";
export const CRM = "7b1c0f7e-0000-4000-8000-000000000002";

export const DAY_S = 86_400;
/** The configuration's `history_start`. */
export const START = Date.parse("2026-03-01T00:00:00Z") / 1000;

/** The instant so many seconds after START. */
export const at = (second: number) => new Date((START + second) * 1000);

/** A run by its start, in seconds after START, and its tasks in order. */
export interface RunShape {
  startSecond: number;
  tasks: TaskShape[];
}

export interface TaskShape {
  isSuccessful: boolean;
  durationMs: number;
  /** Pause after the task before it, in microseconds. */
  micros: number;
  /** Rows alike, as `for_each` tasks emit them. */
  copies: number;
  /** How long after its time the row becomes visible. Default 0. */
  lateMs?: number;
}

export const taskShape: fc.Arbitrary<TaskShape> = fc.record({
  isSuccessful: fc.boolean(),
  durationMs: fc.oneof(fc.nat(900_000), fc.constantFrom(0, 1)),
  micros: fc.constantFrom(0, 1, 400_000, 999_999),
  copies: fc.constantFrom(1, 1, 1, 3),
});

/** Runs anywhere in three days, also at their bounds, of up to three tasks. */
export const runShapes: fc.Arbitrary<RunShape[]> = fc.array(
  fc.record({
    startSecond: fc.oneof(fc.nat(3 * DAY_S - 3600), fc.constantFrom(0, 86_399, 86_400, 86_401)),
    tasks: fc.array(taskShape, { minLength: 1, maxLength: 3 }),
  }),
  { maxLength: 30 },
);

export function rowsOf(pipelineUuid: string, runs: readonly RunShape[]): TaskRunRow[] {
  return runs.flatMap(({ startSecond, tasks }) => {
    const runUuid = randomUUID();
    let end = BigInt(START + startSecond) * 1_000_000n;
    return tasks.flatMap((task, index) => {
      end += BigInt(task.durationMs) * 1000n + BigInt(task.micros);
      const row: TaskRunRow = {
        pipelineUuid,
        runUuid,
        // A task belongs to one pipeline.
        taskUuid: `1f0d3b52-000${index}-4000-8000-${pipelineUuid.slice(-12)}`,
        taskType: task.copies > 1 ? "for_each" : "query",
        isSuccessful: task.isSuccessful,
        durationMs: task.durationMs,
        output: task.isSuccessful
          ? ""
          : Buffer.from(JSON.stringify([{ code: 1, severity: "error", message: "no table" }])).toString(
              "base64",
            ),
        metricValue: index,
        executedAtMicros: end,
        visibleAtMicros: end + BigInt(task.lateMs ?? 0) * 1000n,
      };
      return Array.from({ length: task.copies }, () => row);
    });
  });
}

/** A source, a server in front of it, an empty history and a configuration with the pipelines orders and crm. */
export async function setUp(
  rows: readonly TaskRunRow[],
  { now, ...options }: { now: Date } & Partial<Parameters<typeof startSandbox>[0]>,
) {
  const source = new SourceHistory();
  source.add(rows);
  const sandbox = await startSandbox({ history: source, clock: () => now, ...options });
  const history = await createTestHistory();
  const config = await configFolder({ orders: ORDERS, crm: CRM });
  return {
    source,
    sandbox,
    history,
    config: config.path,
    context: (instant = now, more: Partial<YlemContext> = {}) =>
      commandContext({ history, sandbox, config: config.path, now: instant }, more),
    /** Another night: source and command have the same clock. */
    at(instant: Date, more: Partial<YlemContext> = {}) {
      sandbox.setClock(() => instant);
      return commandContext({ history, sandbox, config: config.path, now: instant }, more);
    },
    async [Symbol.asyncDispose]() {
      await sandbox.close();
      await history[Symbol.asyncDispose]();
      await config[Symbol.asyncDispose]();
    },
  };
}

/** The stored rows as text, in order. */
export async function storedRows({ pool }: TestHistory): Promise<string[]> {
  const { rows } = await pool.query<{ row: string }>(
    `select concat_ws('|', pipeline_uuid, run_uuid, task_uuid, (extract(epoch from executed_at) * 1000000)::bigint,
                      duration_ms, is_successful, metric_value, task_type) as row
     from runledger.task_runs`,
  );
  return rows.map(({ row }) => row).toSorted();
}

/** The source's rows in the same form. */
export function sourceRows(rows: readonly TaskRunRow[]): string[] {
  return rows
    .map(
      (r) =>
        `${r.pipelineUuid}|${r.runUuid}|${r.taskUuid}|${r.executedAtMicros}|${r.durationMs}|` +
        `${r.isSuccessful ? "t" : "f"}|${r.metricValue}|${r.taskType}`,
    )
    .toSorted();
}

export async function coverageOf(
  { pool }: TestHistory,
  pipelineUuid: string,
): Promise<Record<string, string>> {
  const { rows } = await pool.query<{ day: string; state: string }>(
    "select day, state from runledger.coverage where pipeline_uuid = $1 order by day",
    [pipelineUuid],
  );
  return Object.fromEntries(rows.map(({ day, state }) => [day, state]));
}
