import type { RunledgerConfig } from "@runledger/config";
import { addDays, dayOf, rangesOf, startOf, type Day, type DayRange } from "./windows/days.ts";
import type { PipelineJob } from "./pull/pipeline-job.ts";
import { OutOfPatienceError, untilOutOfPatience } from "./pull/patience.ts";
import { pullLog, pullSetAside } from "./pull/pull-log.ts";
import { refreshStatistics } from "../statistics/refresh-statistics.ts";
import { registerPipeline } from "../store/register-pipeline.ts";
import { setAsideDays, windowsToTryAgain } from "../store/set-aside.ts";
import { firstUnsettledDay } from "./prove/coverage.ts";
import { verifyDays } from "./prove/verify-days.ts";
import { wholeSecond, type LogWindow } from "./windows/windows.ts";

/**
 * Rows can become visible after their time. Most that do are only minutes late, so this much before the watermark is
 * pulled again; what comes later is found by the statistics.
 */
const OVERLAP_MS = 5 * 60_000;

/** So many days, today included, are compared with the source's statistics each time. */
const VERIFIED_DAYS = 36;

/**
 * Pulls one pipeline's log from its watermark on and then again what was set aside, proves the last days against the source's
 * statistics, pulls again what they show to be missing, and keeps the source's statistics.
 *
 * @throws OutOfPatienceError where the log was not pulled to its end; what was pulled is compared all the same.
 */
export async function syncPipeline(job: PipelineJob, until: Date): Promise<void> {
  const watermark = await registerPipeline(job, job.pipeline);
  const window = rangeToPull(watermark, job.config, until);
  const setAsideBefore = await windowsToTryAgain(job);
  const pulled = await untilOutOfPatience(() =>
    pullLog(job, window, { movesWatermark: true, onProgress: job.onProgress }),
  );
  await pullSetAside(job, setAsideBefore);
  const { synced_through, stats_stale_from: changedFrom } = await readSyncState(job);
  const through = synced_through ?? until;
  const reached = through < until ? through : until;
  const days = await daysToVerify(job, changedFrom ?? window.from, { from: window.from, to: reached });
  for (const range of [days, ...(await setAsideBeside(job, days))]) {
    await verifyDays(job, range, { through, repairs: true, isThorough: false });
  }
  if (pulled instanceof OutOfPatienceError) {
    throw pulled;
  }
  await refreshStatistics(job, { window, historyStart: startOf(job.config.historyStart) });
}

/** From the watermark, less the overlap, or the first day of the history; at least a moment long. */
export function rangeToPull(
  watermark: Date | null,
  { historyStart }: RunledgerConfig,
  until: Date,
): LogWindow {
  const start = startOf(historyStart).getTime();
  const from = watermark === null ? start : Math.max(start, watermark.getTime() - OVERLAP_MS);
  return { from: wholeSecond(new Date(Math.min(from, until.getTime()))), to: until };
}

async function readSyncState({ history, pipelineUuid }: PipelineJob) {
  return history.db
    .selectFrom("pipelines")
    .select(["synced_through", "stats_stale_from"])
    .where("pipeline_uuid", "=", pipelineUuid)
    .executeTakeFirstOrThrow();
}

/** The last days, those since rows changed, what was pulled now, and what no sync has compared and found settled. */
async function daysToVerify(
  { history, pipelineUuid, config }: PipelineJob,
  changedFrom: Date,
  { from, to }: LogWindow,
): Promise<DayRange> {
  const today = dayOf(to);
  const first = config.historyStart < today ? config.historyStart : today;
  const unsettled = await firstUnsettledDay(history, pipelineUuid, { first, last: today });
  const days = [dayOf(from), dayOf(changedFrom), addDays(today, 1 - VERIFIED_DAYS), unsettled ?? today];
  return { first: later(first, days.toSorted()[0] ?? today), last: today };
}

/** The days outside of the range on which an answer is set aside, however long ago: they are compared until it is read. */
async function setAsideBeside(job: PipelineJob, { first, last }: DayRange): Promise<DayRange[]> {
  const days = await setAsideDays(job);
  return rangesOf(days.filter((day) => day < first || day > last));
}

function later(one: Day, other: Day): Day {
  return one > other ? one : other;
}
