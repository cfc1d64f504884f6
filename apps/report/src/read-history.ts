import type { History } from "@runledger/history";
import type { Coverage } from "./sla/coverage.ts";
import { pipelinesOf, runsNeeded, type ScoringInput } from "./sla/scoring-input.ts";

/** What the history holds for an agreement's report of a week, but for the runs: there may be many. */
export interface AgreementHistory {
  /** By pipeline: finish of the last successful run before those that the scores look at. */
  latestSuccessBefore: ReadonlyMap<string, Date | null>;
  coverage: Omit<Coverage, "historyStart">;
  /** Rows that did not parse and were seen up to as-of, by pipeline. */
  quarantinedRows: ReadonlyMap<string, number>;
  taskNames: ReadonlyMap<string, string>;
}

export async function readHistory(
  history: History,
  { agreement, week, asOf }: Pick<ScoringInput, "agreement" | "week" | "asOf">,
): Promise<AgreementHistory> {
  const pipelines = pipelinesOf(agreement);
  const { from } = runsNeeded({ agreement, week, asOf });
  const [latestSuccessBefore, syncedThrough, disputedDays, quarantinedRows, taskNames] = await Promise.all([
    readLatestSuccess(history, pipelines, from),
    readSyncedThrough(history, pipelines),
    readDisputedDays(history, pipelines),
    countQuarantinedRows(history, pipelines, asOf),
    readTaskNames(history, pipelines),
  ]);
  return { latestSuccessBefore, coverage: { syncedThrough, disputedDays }, quarantinedRows, taskNames };
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

/** Up to when each pipeline is synced; null when it never was. */
export async function readSyncedThrough(
  { db }: History,
  pipelines: string[],
): Promise<Map<string, Date | null>> {
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
