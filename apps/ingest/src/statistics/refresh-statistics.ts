import type { History } from "@runledger/history";
import type { PeriodStats, SubjectKind, YlemClient } from "@runledger/ylem-client";
import { sql } from "kysely";
import type { LogWindow } from "../windows.ts";
import { PERIODS, periodsHolding } from "./periods.ts";

/** What the source keeps statistics of. */
interface Subject {
  kind: SubjectKind;
  uuid: string;
}

export interface RefreshOptions {
  /** The part of the log that this sync pulled: the window of the consolidated statistics. */
  window: LogWindow;
  signal: AbortSignal;
  now: () => Date;
}

/**
 * Asks the source for its statistics of a pipeline and of each of its tasks: consolidated ones always, aggregated
 * ones for every calendar period in which rows have come in since they were last asked for.
 */
export async function refreshStatistics(
  history: History,
  client: YlemClient,
  pipelineUuid: string,
  { window, signal, now }: RefreshOptions,
): Promise<void> {
  const staleFrom = await statsStaleFrom(history, pipelineUuid);
  const pipeline: Subject = { kind: "pipeline", uuid: pipelineUuid };
  const store = { history, pipelineUuid, now };
  await storeSnapshot(store, pipeline, await fetchSnapshot(client, pipeline, window, signal));
  if (staleFrom === null) {
    return;
  }
  const tasks = await tasksOf(history, pipelineUuid);
  for (const task of tasks) {
    await storeSnapshot(store, task, await fetchSnapshot(client, task, window, signal));
  }
  for (const subject of [pipeline, ...tasks]) {
    await Promise.all(
      PERIODS.map(async (period) => {
        const { from, count } = periodsHolding(period, staleFrom, window.to);
        const stats = await client.aggregatedStats(subject.kind, subject.uuid, from, period, count, {
          signal,
        });
        await storePeriodStats(store, subject, period, stats);
      }),
    );
  }
  await markFresh(history, pipelineUuid);
}

interface Store {
  history: History;
  pipelineUuid: string;
  now: () => Date;
}

async function statsStaleFrom({ db }: History, pipelineUuid: string): Promise<Date | null> {
  const row = await db
    .selectFrom("pipelines")
    .select("stats_stale_from")
    .where("pipeline_uuid", "=", pipelineUuid)
    .executeTakeFirstOrThrow();
  return row.stats_stale_from;
}

/** Only this process writes rows of this pipeline, so nothing has become stale meanwhile. */
async function markFresh({ db }: History, pipelineUuid: string): Promise<void> {
  await db
    .updateTable("pipelines")
    .set({ stats_stale_from: null })
    .where("pipeline_uuid", "=", pipelineUuid)
    .execute();
}

async function tasksOf({ db }: History, pipelineUuid: string): Promise<Subject[]> {
  const tasks = await db
    .selectFrom("tasks")
    .select("task_uuid")
    .where("pipeline_uuid", "=", pipelineUuid)
    .orderBy("task_uuid")
    .execute();
  return tasks.map(({ task_uuid }) => ({ kind: "task", uuid: task_uuid }));
}

async function fetchSnapshot(
  client: YlemClient,
  { kind, uuid }: Subject,
  window: LogWindow,
  signal: AbortSignal,
) {
  const [stats, lastRun] = await Promise.all([
    client.stats(kind, uuid, window, { signal }),
    client.lastRun(kind, uuid, { signal }),
  ]);
  return {
    window_from: window.from,
    window_to: window.to,
    num_of_successes: stats.successes,
    num_of_failures: stats.failures,
    average_duration_ms: stats.averageDurationMs,
    is_last_run_successful: lastRun?.isSuccessful ?? null,
    last_run_executed_at: lastRun?.executedAt ?? null,
    last_run_duration_ms: lastRun?.durationMs ?? null,
  };
}

async function storeSnapshot(
  { history, pipelineUuid, now }: Store,
  { kind, uuid }: Subject,
  snapshot: Awaited<ReturnType<typeof fetchSnapshot>>,
): Promise<void> {
  await history.db
    .insertInto("stat_snapshots")
    .values({
      pipeline_uuid: pipelineUuid,
      subject_kind: kind,
      subject_uuid: uuid,
      ...snapshot,
      fetched_at: now(),
    })
    .onConflict((conflict) =>
      conflict.constraint("stat_snapshots_pkey").doUpdateSet({ ...snapshot, fetched_at: now() }),
    )
    .execute();
}

const FIGURES = ["date_to", "num_of_successes", "num_of_failures", "average_duration_ms"];
const of = (table: string) => sql.join(FIGURES.map((column) => sql.ref(`${table}.${column}`)));
/** Figures that are as they were are not written again. */
const HAVE_CHANGED = sql<boolean>`(${of("period_stats")}) is distinct from (${of("excluded")})`;

async function storePeriodStats(
  { history, pipelineUuid, now }: Store,
  { kind, uuid }: Subject,
  period: string,
  stats: readonly PeriodStats[],
): Promise<void> {
  if (stats.length === 0) {
    return;
  }
  await history.db
    .insertInto("period_stats")
    .values(
      stats.map((row) => ({
        pipeline_uuid: pipelineUuid,
        subject_kind: kind,
        subject_uuid: uuid,
        period,
        date_from: row.from,
        date_to: row.to,
        num_of_successes: row.successes,
        num_of_failures: row.failures,
        average_duration_ms: row.averageDurationMs,
        fetched_at: now(),
      })),
    )
    .onConflict((conflict) =>
      conflict
        .constraint("period_stats_pkey")
        .doUpdateSet((eb) => ({
          date_to: eb.ref("excluded.date_to"),
          num_of_successes: eb.ref("excluded.num_of_successes"),
          num_of_failures: eb.ref("excluded.num_of_failures"),
          average_duration_ms: eb.ref("excluded.average_duration_ms"),
          fetched_at: eb.ref("excluded.fetched_at"),
        }))
        .where(HAVE_CHANGED),
    )
    .execute();
}
