import type { PipelineConfig, RunledgerConfig } from "@runledger/config";
import type { History } from "@runledger/history";
import { ResponseTooLargeError, TimedOutError, type YlemClient } from "@runledger/ylem-client";
import { refreshStatistics } from "./statistics/refresh-statistics.ts";
import { registerPipeline } from "./store/register-pipeline.ts";
import { storeRunLog } from "./store/store-run-log.ts";
import {
  FIRST_SIZE_MS,
  halved,
  isSmallest,
  sizeAfter,
  windowAt,
  wholeSecond,
  type LogWindow,
} from "./windows.ts";

export interface SyncOptions {
  history: History;
  client: YlemClient;
  config: RunledgerConfig;
  /** Logs are pulled up to here. */
  until: Date;
  signal: AbortSignal;
  now: () => Date;
  onProgress: (progress: SyncProgress) => void;
}

/** Where a pipeline's sync is. */
export interface SyncProgress {
  /** From 0 to 1. */
  share: number;
  at: Date;
  rowsFetched: number;
  rowsNew: number;
  rowsQuarantined: number;
}

/** Rows can become visible after their time: this much before the watermark is pulled again. */
const OVERLAP_MS = 3_600_000;

/**
 * Pulls one pipeline's run log from its watermark on, window by window, each stored with the watermark in one
 * transaction; then the source's statistics.
 */
export async function syncPipeline(pipeline: PipelineConfig, options: SyncOptions): Promise<SyncProgress> {
  const { history, client, signal, now } = options;
  const range = await rangeToPull(pipeline, options);
  let progress: SyncProgress = { share: 0, at: range.from, rowsFetched: 0, rowsNew: 0, rowsQuarantined: 0 };
  for await (const window of pullLog(pipeline, range, options)) {
    progress = {
      share: shareOf(range, window.through),
      at: window.through,
      rowsFetched: progress.rowsFetched + window.rowsFetched,
      rowsNew: progress.rowsNew + window.rowsNew,
      rowsQuarantined: progress.rowsQuarantined + window.rowsQuarantined,
    };
    options.onProgress(progress);
  }
  await refreshStatistics(history, client, pipeline.uuid, { window: range, signal, now });
  return { ...progress, share: 1 };
}

/** From the watermark, less the overlap, or the first day of the history; at least a moment long. */
export async function rangeToPull(
  pipeline: PipelineConfig,
  { history, config, until }: Pick<SyncOptions, "history" | "config" | "until">,
): Promise<LogWindow> {
  const syncedThrough = await registerPipeline(history, pipeline);
  const start = new Date(`${config.historyStart}T00:00:00Z`).getTime();
  const from = syncedThrough === null ? start : Math.max(start, syncedThrough.getTime() - OVERLAP_MS);
  return { from: wholeSecond(new Date(Math.min(from, until.getTime()))), to: until };
}

interface PulledWindow {
  through: Date;
  rowsFetched: number;
  rowsNew: number;
  rowsQuarantined: number;
}

/** Windows fit themselves: quiet ones grow, one that is too large or too slow is halved. */
async function* pullLog(
  pipeline: PipelineConfig,
  range: LogWindow,
  { history, client, config, signal, now }: SyncOptions,
): AsyncGenerator<PulledWindow> {
  let size = FIRST_SIZE_MS;
  let { from } = range;
  while (from < range.to) {
    const window = windowAt(from, range.to, size);
    try {
      const log = await client.runLog(pipeline.uuid, window, { signal });
      const { to: through } = window;
      const stored = await storeRunLog(history, pipeline.uuid, log, {
        through,
        outputs: config.outputs,
        now: now(),
      });
      yield { through, rowsFetched: log.taskRuns.length + log.rejected.length, ...stored };
      from = through;
      size = sizeAfter(size, log.bytes);
    } catch (error) {
      const asksTooMuch = error instanceof ResponseTooLargeError || error instanceof TimedOutError;
      if (!asksTooMuch || isSmallest(window)) {
        throw error;
      }
      size = halved(window.to.getTime() - window.from.getTime());
    }
  }
}

function shareOf({ from, to }: LogWindow, at: Date): number {
  return (at.getTime() - from.getTime()) / Math.max(1, to.getTime() - from.getTime());
}
