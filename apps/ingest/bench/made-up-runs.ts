import { randomUUID } from "node:crypto";
import type { TaskRunRow } from "@runledger/ylem-sandbox";

export const PIPELINE_UUID = "7b1c0f7e-0000-4000-8000-0000000000be";
/** First instant of the made-up history. */
export const HISTORY_START = new Date("2026-01-01T00:00:00Z");

const TASK_TYPES = ["query", "transformer", "condition", "api_call", "notification"];
const RUN_EVERY_MS = 65_000;
/** One run in so many fails, at any of its tasks; those after it do not run. */
const FAILS_EVERY = 50;

/**
 * Runs of five tasks, one run about every minute, until there are `count` task runs; oldest first. As the API
 * sends it a row is about 450 bytes.
 */
export function* madeUpRuns(count: number): Generator<TaskRunRow> {
  let rows = 0;
  for (let run = 0; rows < count; run += 1) {
    const failsAt = run % FAILS_EVERY === 7 ? (run / FAILS_EVERY) % TASK_TYPES.length : Infinity;
    for (const row of madeUpRun(run, failsAt).slice(0, count - rows)) {
      rows += 1;
      yield row;
    }
  }
}

function madeUpRun(run: number, failsAt: number): TaskRunRow[] {
  const runUuid = randomUUID();
  let endMicros = BigInt(HISTORY_START.getTime() + run * RUN_EVERY_MS) * 1000n;
  return TASK_TYPES.slice(0, Math.floor(failsAt) + 1).map((taskType, index) => {
    const durationMs = 200 + ((run * 7919 + index * 104_729) % 9000);
    endMicros += BigInt(durationMs) * 1000n + BigInt((run * 31 + index) % 1000);
    const isSuccessful = index < Math.floor(failsAt);
    return {
      pipelineUuid: PIPELINE_UUID,
      runUuid,
      taskUuid: `1f0d3b52-0000-4000-8000-00000000000${index}`,
      taskType,
      isSuccessful,
      durationMs,
      output: OUTPUTS[isSuccessful ? "success" : "failure"],
      metricValue: (run % 1000) / 8,
      executedAtMicros: endMicros,
      visibleAtMicros: endMicros,
    };
  });
}

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64");

const OUTPUTS = {
  success: base64([
    { id: 4711, amount: 299.76, currency: "EUR", customer: "Acme GmbH", created_at: "2026-01-01 18:53:35" },
    { id: 4712, amount: 11.01, currency: "EUR" },
  ]),
  failure: base64([
    { code: 1205, severity: "error", message: "Lock wait timeout exceeded; try restarting transaction" },
  ]),
};
