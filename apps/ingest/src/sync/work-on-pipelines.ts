import { createProgress, isColorful, type Context } from "@runledger/cli";
import type { PipelineConfig } from "@runledger/config";
import { withRemedy, type History } from "@runledger/history";
import pMap from "p-map";
import type { PipelineJob } from "./pull/pipeline-job.ts";
import { Patience } from "./pull/patience.ts";
import type { IngestCommand } from "./ingest-command.ts";
import { latestInstant } from "./source-clock.ts";
import { undoFuture } from "../store/undo-future.ts";
import type { YlemContext } from "./ylem.ts";
import { Tally } from "./pull/tally.ts";
import { neverSeenText } from "./prove/never-seen.ts";

/** How one pipeline's work ended. */
export interface PipelineResult {
  name: string;
  uuid: string;
  tally: Tally;
  error: Error | null;
}

type SharedByPipelines = Pick<
  PipelineJob,
  "config" | "history" | "processUuid" | "client" | "signal" | "now" | "begunAt"
> & {
  /** Pipelines to leave alone, and why. */
  busy: ReadonlyMap<string, Error>;
};

/** Their requests share the client's limit; more pipelines at once only hold more bodies in memory. */
const PIPELINES_AT_ONCE = 4;

/**
 * Does a command's work for each pipeline, some at a time, and shows how far each is. Never rejects for what goes
 * wrong with a pipeline: that is its result.
 */
export async function workOnPipelines(
  context: YlemContext,
  pipelines: readonly PipelineConfig[],
  command: IngestCommand,
  { busy, ...shared }: SharedByPipelines,
): Promise<PipelineResult[]> {
  const progress = createProgress(context.stderr, {
    isShown: context.isInteractive,
    isColorful: isColorful(context.stderr, context.environment),
  });
  try {
    return await pMap(
      pipelines,
      async (pipeline) => {
        const { name, uuid } = pipeline;
        let share = 0;
        const tally = new Tally();
        const onProgress = (reached: number, at: Date): void => {
          share = reached;
          progress.update({ name, share, note: dayAndRows(at, tally), state: "running" });
        };
        const error = await errorOf(shared.history, async () => {
          shared.signal.throwIfAborted();
          throwIfBusy(busy.get(uuid));
          const patience = new Patience(context.patience, context.elapsedMs);
          const job = { ...shared, pipeline, pipelineUuid: uuid, patience, tally, onProgress };
          await correctFuture(job, context);
          await command.work(job);
        });
        progress.update({
          name,
          share: error ? share : 1,
          note: error?.message ?? rowsNote(tally),
          state: error ? "failed" : "done",
        });
        const result = { name, uuid, tally, error };
        logResult(context, command, result);
        return result;
      },
      { concurrency: PIPELINES_AT_ONCE },
    );
  } finally {
    progress.stop();
  }
}

function throwIfBusy(error: Error | undefined): void {
  if (error) {
    throw error;
  }
}

async function correctFuture(job: PipelineJob, { log }: Context): Promise<void> {
  const latest = latestInstant(job.client);
  const undone = latest && (await undoFuture(job, latest));
  if (undone) {
    log.warn(
      { pipeline: job.pipeline.name, wasSyncedThrough: undone.from, syncedThrough: undone.to },
      "was said to be synced through a time that has not been, as a clock was ahead: it is pulled and compared again from where it was",
    );
  }
}

async function errorOf({ db }: History, work: () => Promise<void>): Promise<Error | null> {
  try {
    await work();
    return null;
  } catch (error) {
    const cause = await withRemedy(db, error);
    return cause instanceof Error ? cause : new Error(String(cause));
  }
}

const DONE = { sync: "synced", backfill: "backfilled", verify: "verified" } as const;

function logResult(
  { log, signal, isInteractive }: Context,
  { name: command }: IngestCommand,
  { name, uuid, tally, error }: PipelineResult,
): void {
  if (isInteractive) {
    return;
  }
  const { rowsFetched, rowsNew, rowsQuarantined, daysVerified, daysRepaired, disputed } = tally;
  const figures = {
    pipeline: name,
    rowsFetched,
    rowsNew,
    rowsQuarantined,
    daysVerified,
    daysRepaired,
    daysDisputed: disputed.length,
  };
  if (tally.isNeverSeen) {
    log.warn({ pipeline: name }, neverSeenText(name, uuid));
  }
  if (error === null) {
    log.info(figures, DONE[command]);
  } else if (!signal.aborted) {
    log.error({ ...figures, error: error.message }, `not ${DONE[command]}`);
  }
}

function dayAndRows(at: Date, tally: Tally): string {
  return `${at.toISOString().slice(0, 10)} · ${rowsNote(tally)}`;
}

function rowsNote({ rowsNew }: Tally): string {
  return `${rowsNew.toLocaleString("en")} new rows`;
}
