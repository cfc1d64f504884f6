import type { Agreement } from "@runledger/config";
import type { History } from "@runledger/history";
import type { Week } from "./report-model.ts";
import type { Run } from "./sla/run.ts";
import { runsNeeded } from "./sla/scoring-input.ts";

/** What the history holds for an agreement's report of a week. */
export interface AgreementHistory {
  /** By pipeline: every run that its scores look at. */
  runsOf: ReadonlyMap<string, readonly Run[]>;
  /** By pipeline: finish of the last successful run before these. */
  latestSuccessBefore: ReadonlyMap<string, Date | null>;
  syncedThrough: ReadonlyMap<string, Date | null>;
  disputedDays: ReadonlyMap<string, readonly string[]>;
  /** Rows that did not parse and were seen up to as-of, by pipeline. */
  quarantinedRows: ReadonlyMap<string, number>;
  taskNames: ReadonlyMap<string, string>;
}

export async function readHistory(
  history: History,
  agreement: Agreement,
  week: Week,
  asOf: Date,
): Promise<AgreementHistory> {
  const pipelines = [...new Set(agreement.objectives.map(({ pipeline }) => pipeline.uuid))];
  const { from, through } = runsNeeded({ agreement, week, asOf });
  const [runs, latestSuccessBefore, syncedThrough, disputedDays, quarantinedRows, taskNames] =
    await Promise.all([
      readRuns(history, pipelines, from, through),
      readLatestSuccess(history, pipelines, from),
      readSyncedThrough(history, pipelines),
      readDisputedDays(history, pipelines),
      countQuarantinedRows(history, pipelines, asOf),
      readTaskNames(history, pipelines),
    ]);
  const runsOf = Map.groupBy(runs, (run) => run.pipelineUuid);
  return { runsOf, latestSuccessBefore, syncedThrough, disputedDays, quarantinedRows, taskNames };
}

/** Times lose their microseconds on the way: `pg` cuts them off, as the scoring wants it. */
async function readRuns({ db }: History, pipelines: string[], from: Date, through: Date): Promise<Run[]> {
  return db
    .selectFrom("runs")
    .select([
      "run_uuid as runUuid",
      "pipeline_uuid as pipelineUuid",
      "started_at as startedAt",
      "finished_at as finishedAt",
      "elapsed_ms as elapsedMs",
      "is_successful as isSuccessful",
      "task_count as taskCount",
      "failed_task_count as failedTaskCount",
      "first_failed_task_uuid as firstFailedTaskUuid",
      "error_message as errorMessage",
    ])
    .where("pipeline_uuid", "in", pipelines)
    .where("finished_at", ">=", from)
    .where("finished_at", "<=", through)
    .orderBy("pipeline_uuid")
    .orderBy("finished_at")
    .orderBy("run_uuid")
    .execute();
}

async function readLatestSuccess(
  { db }: History,
  pipelines: string[],
  before: Date,
): Promise<Map<string, Date | null>> {
  const rows = await db
    .selectFrom("pipelines as p")
    .select((eb) => [
      "p.pipeline_uuid as uuid",
      // One step back in the index of finishes per pipeline, not a scan of its runs.
      eb
        .selectFrom("runs as r")
        .select("r.finished_at")
        .whereRef("r.pipeline_uuid", "=", "p.pipeline_uuid")
        .where("r.finished_at", "<", before)
        .where("r.is_successful", "=", true)
        .orderBy("r.finished_at", "desc")
        .limit(1)
        .as("finished_at"),
    ])
    .where("p.pipeline_uuid", "in", pipelines)
    .execute();
  return new Map(rows.map((row) => [row.uuid, row.finished_at]));
}

async function readSyncedThrough({ db }: History, pipelines: string[]): Promise<Map<string, Date | null>> {
  const rows = await db
    .selectFrom("pipelines")
    .select(["pipeline_uuid", "synced_through"])
    .where("pipeline_uuid", "in", pipelines)
    .execute();
  return new Map(rows.map((row) => [row.pipeline_uuid, row.synced_through]));
}

async function readDisputedDays({ db }: History, pipelines: string[]): Promise<Map<string, string[]>> {
  const rows = await db
    .selectFrom("coverage")
    .select(["pipeline_uuid", "day"])
    .where("state", "=", "disputed")
    .where("pipeline_uuid", "in", pipelines)
    .orderBy("day")
    .execute();
  return mapValues(
    Map.groupBy(rows, (row) => row.pipeline_uuid),
    (days) => days.map(({ day }) => day),
  );
}

async function countQuarantinedRows(
  { db }: History,
  pipelines: string[],
  until: Date,
): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom("quarantined_rows")
    .select((eb) => ["pipeline_uuid", eb.fn.countAll<number>().as("count")])
    .where("pipeline_uuid", "in", pipelines)
    .where("seen_at", "<=", until)
    .groupBy("pipeline_uuid")
    .execute();
  return new Map(rows.map((row) => [row.pipeline_uuid, row.count]));
}

async function readTaskNames({ db }: History, pipelines: string[]): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom("tasks")
    .select(["task_uuid", "name"])
    .where("pipeline_uuid", "in", pipelines)
    .where("name", "is not", null)
    .execute();
  return new Map(rows.map((row) => [row.task_uuid, row.name ?? row.task_uuid]));
}

function mapValues<K, V, W>(map: ReadonlyMap<K, V>, change: (value: V) => W): Map<K, W> {
  return new Map(Array.from(map, ([key, value]) => [key, change(value)]));
}
