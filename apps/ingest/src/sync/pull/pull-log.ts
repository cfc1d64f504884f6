import type { History } from "@runledger/history";
import {
  InvalidResponseError,
  ResponseTooLargeError,
  TimedOutError,
  UnavailableError,
  type RunLog,
} from "@runledger/ylem-client";
import { ahead } from "./prefetch.ts";
import type { PipelineJob } from "./pipeline-job.ts";
import { resolveSetAside, setAside, setAsideWindows } from "../../store/set-aside.ts";
import { isRefusedForItsContent } from "../../store/storage-refusal.ts";
import { storeRunLog } from "../../store/store-run-log.ts";
import {
  firstSize,
  halved,
  halvesOf,
  isSmallest,
  lengthOf,
  sizeAfter,
  windowAt,
  type LogWindow,
} from "../windows/windows.ts";

/** While one window is stored so many are fetched and read: the database and this process wait for each other less. */
const WINDOWS_AHEAD = 2;

export interface PullOptions {
  /** Whether the pipeline's watermark moves to each window's end, together with its rows. */
  movesWatermark: boolean;
  /** Whether answers that were set aside are asked for again. Default: they are passed over. */
  triesSetAside?: boolean;
  onProgress?: PipelineJob["onProgress"];
}

/**
 * Pulls a range of a pipeline's log window by window, each stored in one transaction while the next ones are on
 * their way. An answer that cannot be read or stored is asked for in halves, and set aside when not even a second of it
 * can. Returns how many rows were new.
 *
 * @throws YlemError when the server cannot be reached, or answers nothing that can be read; what was stored stays.
 */
export async function pullLog(job: PipelineJob, range: LogWindow, options: PullOptions): Promise<number> {
  const { signal, onProgress } = { ...job, onProgress: options.onProgress };
  const aside = await setAsideWindows(job, range);
  let rowsNew = 0;
  for await (const answer of ahead(fetchLog(job, range, options.triesSetAside ? [] : aside), WINDOWS_AHEAD)) {
    signal.throwIfAborted();
    rowsNew += await keep(job, answer, options);
    onProgress?.((answer.window.to.getTime() - range.from.getTime()) / lengthOf(range), answer.window.to);
  }
  return rowsNew;
}

/** An answer of the log; without one, why there is none that can be read. */
type LogAnswer = { window: LogWindow } & ({ log: RunLog } | { log: null; reason: string });

/** Stores an answer. What the database will not take is pulled again in halves. Returns how many rows were new. */
async function keep(job: PipelineJob, answer: LogAnswer, options: PullOptions): Promise<number> {
  const { window } = answer;
  const { config, now, tally } = job;
  const { movesWatermark, triesSetAside = false } = options;
  if (answer.log === null) {
    await setAside(job, window, { reason: answer.reason, movesWatermark });
    return 0;
  }
  const { log } = answer;
  try {
    const stored = await storeRunLog(job, log, {
      through: movesWatermark ? window.to : null,
      outputs: config.outputs,
      now: now(),
    });
    tally.add({ rowsFetched: log.taskRuns.length + log.rejected.length, ...stored });
    if (triesSetAside) {
      await resolveSetAside(job, window);
    }
    return stored.rowsNew;
  } catch (error) {
    if (!isRefusedForItsContent(error)) {
      throw error;
    }
    if (isSmallest(window)) {
      await setAside(job, window, { reason: `the database refuses it: ${error.message}`, movesWatermark });
      return 0;
    }
    let rowsNew = 0;
    for (const half of halvesOf(window)) {
      rowsNew += await pullLog(job, half, { movesWatermark, triesSetAside });
    }
    return rowsNew;
  }
}

/** After a window that was too much so many of half its size are fetched before it is tried again. */
const CAUTIOUS_WINDOWS = 10;

/** A window that is halved because its answer could not be used is not asked for as patiently as a first one. */
const TRIES_WHILE_NARROWING = 2;

/**
 * The windows of a range, in order, but for those of `aside`. They fit themselves: quiet ones grow, one that is too large,
 * too slow or that the server fails on is halved, down to a second.
 */
async function* fetchLog(
  job: PipelineJob,
  range: LogWindow,
  aside: readonly LogWindow[],
): AsyncGenerator<LogAnswer> {
  const { pipelineUuid, history, client, signal } = job;
  let size = firstSize(await rowsPerDay(history, pipelineUuid));
  let windowsSinceFailure = Infinity;
  let { from } = range;
  while (from < range.to) {
    const passed = aside.find((window) => window.from <= from && window.to > from);
    if (passed) {
      from = passed.to;
      continue;
    }
    const next = aside.find((window) => window.from > from);
    const window = windowAt(from, next && next.from < range.to ? next.from : range.to, size);
    const maxTries = windowsSinceFailure === 0 ? TRIES_WHILE_NARROWING : undefined;
    const log = await unlessUnusable(job, () => client.runLog(pipelineUuid, window, { signal, maxTries }));
    if (log instanceof Error) {
      windowsSinceFailure = 0;
      if (!isSmallest(window)) {
        size = halved(lengthOf(window));
        continue;
      }
      await assertLogAnswers(job, log);
      yield { window, log: null, reason: log.message };
    } else {
      yield { window, log };
      windowsSinceFailure += 1;
      const fitting = sizeAfter(size, log.bytes);
      size = windowsSinceFailure < CAUTIOUS_WINDOWS ? Math.min(size, fitting) : fitting;
    }
    from = window.to;
  }
}

/** The error when the answer cannot be used but a part of it might. */
async function unlessUnusable<T>({ patience }: PipelineJob, ask: () => Promise<T>): Promise<T | Error> {
  const begun = performance.now();
  try {
    return await ask();
  } catch (error) {
    if (!isUnusable(error)) {
      throw error;
    }
    patience.spend(performance.now() - begun, error);
    return error;
  }
}

/**
 * Asks for a second in which nothing can have run. A server that cannot answer that, either, has trouble of its own, which
 * is no reason to pass over anything.
 *
 * @throws `failure`, the error that is to be explained.
 */
async function assertLogAnswers(
  { pipelineUuid, client, signal }: PipelineJob,
  failure: Error,
): Promise<void> {
  const longAgo = { from: new Date(0), to: new Date(1000) };
  try {
    await client.runLog(pipelineUuid, longAgo, { signal });
  } catch {
    signal.throwIfAborted();
    throw failure;
  }
}

/** Also an answer that is cut off at every try: a proxy ends what takes too long. */
function isUnusable(error: unknown): error is Error {
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
