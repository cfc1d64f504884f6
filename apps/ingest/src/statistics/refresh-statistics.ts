import { asHolder } from "../store/pipeline-leases.ts";
import type { LogWindow } from "../sync/windows/windows.ts";
import { fetchPeriodStats, type StatisticsSource } from "./fetch-period-stats.ts";
import { LONG_PERIODS, periodsDue, periodsHolding, type PeriodRange } from "./periods.ts";
import { storeSnapshots } from "./snapshots.ts";
import { subjectsOf } from "./subject.ts";

/**
 * Asks the source for what its daily statistics do not tell: weeks, months, quarters and years, each when it has
 * closed and again when a day in it has changed, and consolidated statistics whenever anything has changed. A
 * pipeline's first refresh asks for the running periods too. Where nothing changed and nothing closed it asks nothing.
 *
 * @param window the part of the log that this sync pulled; its end is how far the statistics are refreshed.
 */
export async function refreshStatistics(
  source: StatisticsSource,
  { window, historyStart }: { window: LogWindow; historyStart: Date },
): Promise<void> {
  const { history, pipelineUuid } = source;
  const { stats_stale_from: staleFrom, stats_through: through } = await history.db
    .selectFrom("pipelines")
    .select(["stats_stale_from", "stats_through"])
    .where("pipeline_uuid", "=", pipelineUuid)
    .executeTakeFirstOrThrow();
  const subjects = await subjectsOf(history, pipelineUuid);
  const ranges =
    through === null ? allPeriods(historyStart, window.to) : periodsDue(staleFrom, through, window.to);
  await Promise.all(ranges.map((range) => fetchPeriodStats(source, subjects, range)));
  if (through === null || staleFrom !== null) {
    await storeSnapshots(source, subjects, window);
  }
  // Only this process writes rows of this pipeline, so nothing has become stale meanwhile.
  await asHolder(source, ({ db }) =>
    db
      .updateTable("pipelines")
      .set({ stats_stale_from: null, stats_through: window.to })
      .where("pipeline_uuid", "=", pipelineUuid)
      .execute(),
  );
}

function allPeriods(from: Date, until: Date): PeriodRange[] {
  return LONG_PERIODS.map((period) => periodsHolding(period, from, until));
}
