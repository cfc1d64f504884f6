import type { RunStats } from "@runledger/ylem-client";
import type { StatisticsSource } from "../../statistics/fetch-period-stats.ts";
import type { LogWindow } from "../windows/windows.ts";
import { areSame, isUnsound } from "../../statistics/figures.ts";
import { hasLastRun, storedInWindow } from "../../statistics/stored-figures.ts";

/**
 * Whether the source's consolidated statistics of a pipeline show that not all of a window's rows are stored. Its last run
 * is always told truly, also beside figures that are of another period.
 */
export async function showsMissingRows(source: StatisticsSource, window: LogWindow): Promise<boolean> {
  const { history, client, pipelineUuid, signal } = source;
  const pipeline = { kind: "pipeline", uuid: pipelineUuid } as const;
  const stats = await client.stats(pipeline.kind, pipelineUuid, window, { signal });
  const { figures, storedRows } = await storedInWindow(history, pipelineUuid, pipeline, window);
  const lastRunAt = lastRunUpTo(stats, window);
  const hasRows = lastRunAt !== null && (lastRunAt === undefined ? storedRows > 0 : lastRunAt >= window.from);
  if (hasRows !== storedRows > 0) {
    return true;
  }
  // Of a window without rows the figures say nothing: they, too, may be of another period.
  if (!hasRows || isUnsound({ stored: figures, source: stats })) {
    return false;
  }
  if (!areSame(figures, stats)) {
    return true;
  }
  const isLikely = stats.successes === 0 && lastRunAt !== undefined;
  const lastRun = { at: lastRunAt ?? null, durationMs: stats.lastRunDurationMs };
  return isLikely && !(await hasLastRun(history, pipelineUuid, window.to, lastRun));
}

/** When the last run up to the window's end ended; null when none did, undefined when that is not what was said. */
function lastRunUpTo({ lastRunExecutedAt }: RunStats, { to }: LogWindow): Date | null | undefined {
  return lastRunExecutedAt !== null && lastRunExecutedAt > to ? undefined : lastRunExecutedAt;
}
