import type { History } from "@runledger/history";
import {
  InvalidResponseError,
  ResponseTooLargeError,
  TimedOutError,
  UnavailableError,
  type RunLog,
} from "@runledger/ylem-client";
import { ahead } from "./ahead.ts";
import type { PipelineJob } from "./pipeline-job.ts";
import { storeRunLog } from "./store/store-run-log.ts";
import { firstSize, halved, isSmallest, lengthOf, sizeAfter, windowAt, type LogWindow } from "./windows.ts";

/** While one window is stored so many are fetched and read: the database and this process wait for each other less. */
const WINDOWS_AHEAD = 2;

/**
 * Pulls a range of a pipeline's log window by window, each stored in one transaction while the next ones are on
 * their way. Returns how many rows were new.
 *
 * @param movesWatermark whether the pipeline's watermark moves to each window's end, together with its rows.
 * @throws YlemError when even a second cannot be had, or the server cannot be reached; what was stored stays.
 */
export async function pullLog(
  job: PipelineJob,
  range: LogWindow,
  { movesWatermark, onProgress }: { movesWatermark: boolean; onProgress?: PipelineJob["onProgress"] },
): Promise<number> {
  const { config, signal, now, tally } = job;
  let rowsNew = 0;
  for await (const { window, log } of ahead(fetchLog(job, range), WINDOWS_AHEAD)) {
    signal.throwIfAborted();
    const stored = await storeRunLog(job, log, {
      through: movesWatermark ? window.to : null,
      outputs: config.outputs,
      now: now(),
    });
    rowsNew += stored.rowsNew;
    tally.add({ rowsFetched: log.taskRuns.length + log.rejected.length, ...stored });
    onProgress?.((window.to.getTime() - range.from.getTime()) / lengthOf(range), window.to);
  }
  return rowsNew;
}

/** After a window that was too much so many of half its size are fetched before it is tried again. */
const CAUTIOUS_WINDOWS = 10;

/**
 * The windows of a range, in order. They fit themselves: quiet ones grow, one that is too large, too slow or that the
 * server fails on is halved, down to a second.
 */
async function* fetchLog(
  { pipelineUuid, history, client, signal }: PipelineJob,
  range: LogWindow,
): AsyncGenerator<{ window: LogWindow; log: RunLog }> {
  let size = firstSize(await rowsPerDay(history, pipelineUuid));
  let windowsSinceFailure = Infinity;
  let { from } = range;
  while (from < range.to) {
    const window = windowAt(from, range.to, size);
    const log = await unlessTooMuch(() => client.runLog(pipelineUuid, window, { signal }), window);
    if (log === null) {
      windowsSinceFailure = 0;
      size = halved(lengthOf(window));
      continue;
    }
    from = window.to;
    windowsSinceFailure += 1;
    const fitting = sizeAfter(size, log.bytes);
    size = windowsSinceFailure < CAUTIOUS_WINDOWS ? Math.min(size, fitting) : fitting;
    yield { window, log };
  }
}

/** Null when the window was too much to ask for and can be made smaller. */
async function unlessTooMuch<T>(ask: () => Promise<T>, window: LogWindow): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (asksTooMuch(error) && !isSmallest(window)) {
      return null;
    }
    throw error;
  }
}

/** Also an answer that is cut off at every try: a proxy ends what takes too long. */
function asksTooMuch(error: unknown): boolean {
  return (
    error instanceof ResponseTooLargeError ||
    error instanceof TimedOutError ||
    error instanceof InvalidResponseError ||
    (error instanceof UnavailableError && error.status !== null && error.status >= 500)
  );
}

const RECENT_DAYS = 8;

/** Rows of the fullest of the last days that were compared; null when none was. */
async function rowsPerDay({ db }: History, pipelineUuid: string): Promise<number | null> {
  const { rows } = await db
    .selectFrom(
      db
        .selectFrom("coverage")
        .select("source_task_runs")
        .where("pipeline_uuid", "=", pipelineUuid)
        .where("source_task_runs", "is not", null)
        .orderBy("day", "desc")
        .limit(RECENT_DAYS)
        .as("recent"),
    )
    .select((eb) => eb.fn.max<number | null>("source_task_runs").as("rows"))
    .executeTakeFirstOrThrow();
  return rows;
}
