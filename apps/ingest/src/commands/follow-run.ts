import type { TaskRun, YlemClient } from "@runledger/ylem-client";

/** How a run stands, as far as the log tells. */
export interface FollowedRun {
  /** `unknown`: it was not seen to end in time. */
  outcome: "succeeded" | "failed" | "unknown";
  taskRuns: TaskRun[];
}

export interface FollowOptions {
  signal: AbortSignal;
  now: () => Date;
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Milliseconds after which it is given up on. */
  timeoutMs: number;
}

const POLL_MS = 2_000;
const SLOWEST_POLL_MS = 30_000;
/** Task runs become visible late; one that shows no new one for so long is taken to have ended. */
const QUIET_MS = 5 * 60_000;
/** How far this machine's clock may be off and the run still lie in the window that is asked for. */
const CLOCK_TOLERANCE_MS = 10 * 60_000;

/**
 * Reads the log until a run has ended. The API has no state of a run, so it counts as ended once
 * - a task failed: those after it do not run; or
 * - every task that ran in `expectedTasks` has a row; or
 * - it has rows and nothing was added for five minutes, as a run that takes another branch.
 */
export async function followRun(
  client: YlemClient,
  { pipelineUuid, runUuid, startedAt }: { pipelineUuid: string; runUuid: string; startedAt: Date },
  expectedTasks: ReadonlySet<string>,
  { signal, now, sleep, timeoutMs }: FollowOptions,
): Promise<FollowedRun> {
  let taskRuns: TaskRun[] = [];
  let changedAt = startedAt.getTime();
  let pollMs = POLL_MS;
  while (now().getTime() - startedAt.getTime() < timeoutMs) {
    await sleep(pollMs, signal);
    const window = { from: before(startedAt), to: after(now()) };
    const log = await client.runLog(pipelineUuid, window, { signal });
    const found = log.taskRuns.filter((taskRun) => taskRun.runUuid === runUuid);
    if (found.length > taskRuns.length) {
      taskRuns = found;
      changedAt = now().getTime();
    }
    const isQuiet = taskRuns.length > 0 && now().getTime() - changedAt >= QUIET_MS;
    const outcome = outcomeOf(taskRuns, expectedTasks, isQuiet);
    if (outcome !== null) {
      return { outcome, taskRuns };
    }
    pollMs = Math.min(pollMs * 1.5, SLOWEST_POLL_MS);
  }
  return { outcome: "unknown", taskRuns };
}

/** The tasks that the pipeline's last run had, if it went through; none otherwise. */
export async function tasksOfLastRun(
  client: YlemClient,
  pipelineUuid: string,
  signal: AbortSignal,
): Promise<Set<string>> {
  const last = await client.lastRun("pipeline", pipelineUuid, { signal });
  if (!last?.isSuccessful) {
    return new Set();
  }
  const window = { from: last.executedAt, to: new Date(last.executedAt.getTime() + 1000) };
  const { taskRuns } = await client.runLog(pipelineUuid, window, { signal });
  const newest = taskRuns.toSorted((a, b) => (a.executedAt < b.executedAt ? 1 : -1)).at(0);
  return new Set(taskRuns.filter((row) => row.runUuid === newest?.runUuid).map((row) => row.taskUuid));
}

function outcomeOf(
  taskRuns: readonly TaskRun[],
  expectedTasks: ReadonlySet<string>,
  isQuiet: boolean,
): FollowedRun["outcome"] | null {
  if (taskRuns.some((taskRun) => !taskRun.isSuccessful)) {
    return "failed";
  }
  const seen = new Set(taskRuns.map((taskRun) => taskRun.taskUuid));
  const isComplete = expectedTasks.size > 0 && [...expectedTasks].every((task) => seen.has(task));
  return isComplete || isQuiet ? "succeeded" : null;
}

function before(instant: Date): Date {
  return new Date(instant.getTime() - CLOCK_TOLERANCE_MS);
}

function after(instant: Date): Date {
  return new Date(instant.getTime() + CLOCK_TOLERANCE_MS);
}
