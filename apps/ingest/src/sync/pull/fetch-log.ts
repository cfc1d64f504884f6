import {
  InvalidResponseError,
  ResponseTooLargeError,
  TimedOutError,
  UnavailableError,
  type RunLog,
} from "@runledger/ylem-client";
import type { PipelineJob } from "./pipeline-job.ts";
import { halved, isSmallest, lengthOf, sizeAfter, windowAt, type LogWindow } from "../windows/windows.ts";

/** An answer of the log; without one, why there is none that can be read. */
export type LogAnswer = { window: LogWindow } & ({ log: RunLog } | { log: null; failure: Error });

export interface FetchOptions {
  /** Windows to pass over. */
  aside: readonly LogWindow[];
  /** Milliseconds that the first window is long. */
  firstSize: number;
  /** Whether the range's answer could not be used as a whole. */
  isBroken: boolean;
}

/** After a window that was too much so many of half its size are fetched before it is tried again; then twice as many. */
const CAUTIOUS_WINDOWS = 10;

/** A window that is halved because its answer could not be used is not asked for as patiently as a first one. */
const TRIES_WHILE_NARROWING = 2;

/**
 * The windows of a range, in order, but for those of `aside`. They fit themselves: quiet ones grow, one that is too large,
 * too slow or that the server fails on is halved, down to a second, or for as long as patience lasts. Where one answer
 * after the other cannot be used the windows grow again, or there would be one for each second.
 *
 * @throws OutOfPatienceError, and YlemError when the server cannot be reached, or answers nothing that can be read.
 */
export async function* fetchLog(
  job: PipelineJob,
  range: LogWindow,
  { aside, firstSize, isBroken }: FetchOptions,
): AsyncGenerator<LogAnswer> {
  const { pipelineUuid, client, signal, patience } = job;
  let size = firstSize;
  let windowsSinceFailure = isBroken ? 0 : Infinity;
  let caution = CAUTIOUS_WINDOWS;
  let isShareSpent = patience.share();
  let wasGivenUp = false;
  let { from } = range;
  while (from < range.to) {
    const passed = aside.find((window) => window.from <= from && window.to > from);
    if (passed) {
      from = passed.to;
      continue;
    }
    const next = aside.find((window) => window.from > from);
    const window = windowAt(from, next && next.from < range.to ? next.from : range.to, size);
    const maxTries = patience.isShort ? 1 : windowsSinceFailure === 0 ? TRIES_WHILE_NARROWING : undefined;
    const log = await unlessUnusable(job, () => client.runLog(pipelineUuid, window, { signal, maxTries }));
    if (!(log instanceof Error)) {
      yield { window, log };
      windowsSinceFailure += 1;
      wasGivenUp = false;
      const fitting = sizeAfter(size, log.bytes);
      size = windowsSinceFailure < caution ? Math.min(size, fitting) : fitting;
      from = window.to;
      continue;
    }
    if (windowsSinceFailure >= caution) {
      isShareSpent = patience.share();
      caution = windowsSinceFailure === Infinity ? caution : caution * 2;
    }
    windowsSinceFailure = 0;
    if (!isSmallest(window) && !wasGivenUp && !isShareSpent()) {
      size = halved(lengthOf(window));
      continue;
    }
    await assertLogAnswers(job, log);
    yield { window, log: null, failure: log };
    patience.assertLeft(log);
    isShareSpent = patience.share();
    size = wasGivenUp ? size * 2 : lengthOf(window);
    wasGivenUp = true;
    from = window.to;
  }
}

/** The error when the answer cannot be used but a part of it might. */
async function unlessUnusable(job: PipelineJob, ask: () => Promise<RunLog>): Promise<RunLog | Error> {
  const answer = await job.patience.attempt(ask, isUnusable);
  if (answer instanceof UnavailableError && answer.status === null) {
    // Whether it is this answer, or the server is gone: then there is nothing to narrow.
    await assertLogAnswers(job, answer);
  }
  return answer;
}

/**
 * Asks for a second in which nothing can have run. A server that cannot answer that, either, has trouble of its own, which
 * is no reason to pass over anything.
 *
 * @throws `failure`, the error that is to be explained.
 */
async function assertLogAnswers(
  { pipelineUuid, client, signal, patience }: PipelineJob,
  failure: Error,
): Promise<void> {
  const longAgo = { from: new Date(0), to: new Date(1000) };
  const answer = await patience.attempt(
    () => client.runLog(pipelineUuid, longAgo, { signal, maxTries: TRIES_WHILE_NARROWING }),
    (error) => error instanceof Error,
  );
  if (answer instanceof Error) {
    signal.throwIfAborted();
    throw failure;
  }
}

/** Also an answer that is cut off at every try: a proxy ends what takes too long, and a server can break down over it. */
export function isUnusable(error: unknown): error is Error {
  return (
    error instanceof ResponseTooLargeError ||
    error instanceof TimedOutError ||
    error instanceof InvalidResponseError ||
    (error instanceof UnavailableError && (error.status === null || error.status >= 500))
  );
}
