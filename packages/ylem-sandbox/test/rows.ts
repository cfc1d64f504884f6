import { SourceHistory, type TaskRunRow } from "../src/index.ts";

export const PIPELINE = "7b1c0f7e-0000-4000-8000-000000000001";
export const TASK = "1f0d3b52-0000-4000-8000-000000000002";
export const OTHER_TASK = "1f0d3b52-0000-4000-8000-000000000003";

/** A moment at which everything is visible. */
export const LATER = new Date("2030-01-01T00:00:00Z");

/** A row with what the test is about; visible as soon as it was executed. */
export function row(about: Partial<TaskRunRow> = {}): TaskRunRow {
  const executedAtMicros =
    about.executedAtMicros === undefined ? at("2026-03-10 12:00:00") : about.executedAtMicros;
  return {
    pipelineUuid: PIPELINE,
    runUuid: "run-1",
    taskUuid: TASK,
    taskType: "query",
    isSuccessful: true,
    durationMs: 1000,
    output: "",
    metricValue: 0,
    executedAtMicros,
    visibleAtMicros: executedAtMicros ?? 0n,
    ...about,
  };
}

/** Microseconds of `YYYY-MM-DD HH:MM:SS[.ffffff]` in UTC. */
export function at(text: string): bigint {
  const [seconds = "", fraction = ""] = text.split(".");
  return BigInt(second(seconds)) * 1_000_000n + BigInt(fraction.padEnd(6, "0"));
}

/** Seconds since the epoch of `YYYY-MM-DD HH:MM:SS` in UTC. */
export function second(text: string): number {
  return Date.parse(`${text.replace(" ", "T")}Z`) / 1000;
}

export function historyOf(...rows: TaskRunRow[]): SourceHistory {
  const history = new SourceHistory();
  history.add(rows);
  return history;
}
