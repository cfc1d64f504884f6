import type { History } from "@runledger/history";
import { prefetch } from "./prefetch.ts";
import { fetchLog, isUnusable, type FetchOptions, type LogAnswer } from "./fetch-log.ts";
import { OutOfPatienceError, untilOutOfPatience } from "./patience.ts";
import type { PipelineJob } from "./pipeline-job.ts";
import { replaceSetAside, setAside, setAsideWindows, type UnreadWindow } from "../../store/set-aside.ts";
import { isRefusedForItsContent } from "../../store/storage-refusal.ts";
import { storeRunLog } from "../../store/store-run-log.ts";
import { firstSize, halved, halvesOf, isSmallest, lengthOf, type LogWindow } from "../windows/windows.ts";

/** While one window is stored so many are fetched and read: the database and this process wait for each other less. */
const WINDOWS_AHEAD = 2;

export interface PullOptions {
  /** Whether the pipeline's watermark moves to each window's end, together with its rows. */
  movesWatermark: boolean;
  onProgress?: PipelineJob["onProgress"];
}

/**
 * Pulls a range of a pipeline's log window by window, each stored in one transaction while the next ones are on
 * their way. An answer that cannot be read or stored is asked for in halves, and set aside when not even a second of it
 * can, or when it has cost enough. Answers set aside before are passed over. Returns how many rows were new.
 *
 * @throws OutOfPatienceError when the rest has to wait, and YlemError when the server cannot be reached, or answers nothing
 *   that can be read; what was stored or set aside stays.
 */
export async function pullLog(
  job: PipelineJob,
  range: LogWindow,
  { movesWatermark, onProgress }: PullOptions,
): Promise<number> {
  return pull(job, range, {
    aside: await setAsideWindows(job, range),
    firstSize: firstSize(await rowsPerDay(job.history, job.pipelineUuid)),
    isBroken: false,
    movesWatermark,
    giveUp: (unread) => setAside(job, unread, { movesWatermark }),
    onPulled: (to) => onProgress?.((to.getTime() - range.from.getTime()) / lengthOf(range), to),
  });
}

/**
 * Pulls windows again that were set aside, in the order given, for as long as there is patience. What has been read is no
 * longer set aside, and what is left of it is set aside in smaller windows.
 */
export async function pullSetAside(job: PipelineJob, windows: readonly LogWindow[]): Promise<void> {
  for (const window of windows) {
    if (job.patience.isShort || !(await pullAgain(job, window))) {
      return;
    }
  }
}

/** False when the log answers nothing at the moment. Until all of the window is tried it stays set aside as a whole. */
async function pullAgain(job: PipelineJob, window: LogWindow): Promise<boolean> {
  const unread: UnreadWindow[] = [];
  let reached = window.from;
  try {
    const pulled = await untilOutOfPatience(() =>
      pull(job, window, {
        aside: [],
        firstSize: halved(lengthOf(window)),
        isBroken: true,
        movesWatermark: false,
        giveUp: async (part) => void unread.push(part),
        onPulled: (to) => (reached = to),
      }),
    );
    if (pulled instanceof OutOfPatienceError) {
      unread.push({ from: reached, to: window.to, reason: pulled.message });
    }
  } catch (error) {
    if (isUnusable(error)) {
      return false;
    }
    throw error;
  }
  await replaceSetAside(job, window, unread);
  return true;
}

interface Pull extends FetchOptions {
  movesWatermark: boolean;
  /** What becomes of a window whose answer can be read or stored no more. */
  giveUp: (unread: UnreadWindow) => Promise<void>;
  /** Told how far all is stored or given up. */
  onPulled: (to: Date) => void;
  /** Of a part of what the database refused: whether enough was spent on that. */
  isShareSpent?: () => boolean;
}

async function pull(job: PipelineJob, range: LogWindow, options: Pull): Promise<number> {
  let rowsNew = 0;
  for await (const answer of prefetch(fetchLog(job, range, options), WINDOWS_AHEAD)) {
    job.signal.throwIfAborted();
    rowsNew += await keep(job, answer, options);
    options.onPulled(answer.window.to);
  }
  return rowsNew;
}

/** Stores an answer. What the database will not take is pulled again in halves. Returns how many rows were new. */
async function keep(job: PipelineJob, answer: LogAnswer, options: Pull): Promise<number> {
  const { window } = answer;
  const { config, now, tally, patience } = job;
  const { movesWatermark, giveUp } = options;
  if (answer.log === null) {
    await giveUp({ ...window, reason: answer.failure.message });
    return 0;
  }
  const { log } = answer;
  const through = movesWatermark ? window.to : null;
  const stored = await patience.attempt(
    () => storeRunLog(job, log, { through, outputs: config.outputs, now: now() }),
    isRefusedForItsContent,
  );
  if (!(stored instanceof Error)) {
    tally.add({ rowsFetched: log.taskRuns.length + log.rejected.length, ...stored });
    return stored.rowsNew;
  }
  const { isShareSpent = patience.share() } = options;
  if (isSmallest(window) || isShareSpent()) {
    await giveUp({ ...window, reason: `the database refuses it: ${stored.message}` });
    patience.assertLeft(stored);
    return 0;
  }
  let rowsNew = 0;
  for (const half of halvesOf(window)) {
    rowsNew += await pull(job, half, { ...options, isShareSpent, onPulled: () => {} });
  }
  return rowsNew;
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
