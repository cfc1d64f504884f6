import { createProgress, exitCode, UsageError, type Context, type ExitCode } from "@runledger/cli";
import { loadConfig, type PipelineConfig } from "@runledger/config";
import { openConfiguredHistory } from "@runledger/history";
import { ForbiddenError } from "@runledger/ylem-client";
import pMap from "p-map";
import { takeLock } from "../lock.ts";
import { selectPipelines } from "../select-pipelines.ts";
import { closeLedgerRow, openLedgerRow, type SyncCounts, type SyncOutcome } from "../sync-ledger.ts";
import { rangeToPull, syncPipeline, type SyncOptions, type SyncProgress } from "../sync-pipeline.ts";
import { sayPlan, saySummary } from "../sync-summary.ts";
import { wholeSecond } from "../windows.ts";
import { createYlemClient } from "../ylem.ts";

export interface SyncCommandOptions {
  pipeline?: string[];
  until?: string;
  dryRun?: boolean;
}

/** How one pipeline's sync ended. */
export interface PipelineResult extends SyncProgress {
  name: string;
  error: Error | null;
}

/** Their requests share the client's limit; more pipelines at once only hold more bodies in memory. */
const PIPELINES_AT_ONCE = 4;

/** Pulls what is new of every pipeline. One that fails does not stop the others. */
export async function sync(context: Context, options: SyncCommandOptions): Promise<ExitCode> {
  const { environment, signal, now } = context;
  const startedAt = now();
  const config = await loadConfig(environment.configPath);
  const pipelines = selectPipelines(config, options.pipeline ?? []);
  const until = untilOf(options, startedAt);
  const counts: SyncCounts = { requests: 0, rowsFetched: 0, rowsNew: 0, daysVerified: 0, daysRepaired: 0 };
  const client = createYlemClient(context, () => (counts.requests += 1));
  await using history = await openConfiguredHistory(environment.databaseUrl, "runledger-ingest");
  if (options.dryRun) {
    const ranges = await Promise.all(
      pipelines.map((pipeline) => rangeToPull(pipeline, { history, config, until })),
    );
    sayPlan(context, pipelines, ranges);
    return exitCode.done;
  }

  await using _lock = await takeLock(history, "sync");
  const syncId = await openLedgerRow(history, "sync", startedAt);
  let outcome: SyncOutcome = "failed";
  let error: string | null = null;
  try {
    // Gets a token: credentials that are refused, or an API that is down, are said before anything is pulled.
    await client.scopes({ signal });
    const results = await syncAll(context, pipelines, { history, client, config, until, signal, now });
    for (const { rowsFetched, rowsNew } of results) {
      counts.rowsFetched += rowsFetched;
      counts.rowsNew += rowsNew;
    }
    signal.throwIfAborted();
    const failed = results.filter((result) => result.error !== null);
    error = failed.map((result) => `${result.name}: ${result.error?.message}`).join("\n") || null;
    throwIfAllForbidden(results);
    outcome = outcomeOf(results.length, failed.length);
    saySummary(context, results, counts, now().getTime() - startedAt.getTime());
    return outcome === "done" ? exitCode.done : exitCode.partial;
  } catch (cause) {
    outcome = signal.aborted ? "interrupted" : "failed";
    error ??= cause instanceof Error ? cause.message : String(cause);
    throw cause;
  } finally {
    await closeLedgerRow(history, syncId, { outcome, counts, error, finishedAt: now() });
    await client.close();
  }
}

async function syncAll(
  context: Context,
  pipelines: readonly PipelineConfig[],
  options: Omit<SyncOptions, "onProgress">,
): Promise<PipelineResult[]> {
  const progress = createProgress(context.stderr, context.isInteractive);
  try {
    return await pMap(
      pipelines,
      async (pipeline) => {
        const result = await syncOne(pipeline, options, (at) =>
          progress.update({ name: pipeline.name, share: at.share, note: noteOf(at), state: "running" }),
        );
        const { name, error } = result;
        progress.update({
          name,
          share: result.share,
          note: error?.message ?? noteOf(result),
          state: error ? "failed" : "done",
        });
        if (!context.isInteractive) {
          logResult(context, result);
        }
        return result;
      },
      { concurrency: PIPELINES_AT_ONCE },
    );
  } finally {
    progress.stop();
  }
}

/** Never rejects: a pipeline's error is part of its result. */
async function syncOne(
  pipeline: PipelineConfig,
  options: Omit<SyncOptions, "onProgress">,
  onProgress: (progress: SyncProgress) => void,
): Promise<PipelineResult> {
  let last: SyncProgress = { share: 0, at: options.until, rowsFetched: 0, rowsNew: 0, rowsQuarantined: 0 };
  const note = (progress: SyncProgress): void => {
    last = progress;
    onProgress(progress);
  };
  try {
    options.signal.throwIfAborted();
    return {
      ...(await syncPipeline(pipeline, { ...options, onProgress: note })),
      name: pipeline.name,
      error: null,
    };
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    return { ...last, name: pipeline.name, error };
  }
}

function logResult(
  { log, signal }: Context,
  { name, error, rowsFetched, rowsNew, rowsQuarantined }: PipelineResult,
) {
  const figures = { pipeline: name, rowsFetched, rowsNew, rowsQuarantined };
  if (error === null) {
    log.info(figures, "synced");
  } else if (!signal.aborted) {
    log.error({ ...figures, error: error.message }, "not synced");
  }
}

function noteOf({ at, rowsNew }: SyncProgress): string {
  return `${at.toISOString().slice(0, 10)} · ${rowsNew.toLocaleString("en")} new rows`;
}

function outcomeOf(all: number, failed: number): SyncOutcome {
  if (failed === 0) {
    return "done";
  }
  return failed < all ? "partial" : "failed";
}

/** When no pipeline at all may be read, the scope is missing: a matter of set-up, not of this night. */
function throwIfAllForbidden(results: readonly PipelineResult[]): void {
  const [first] = results;
  if (first?.error && results.every((result) => result.error instanceof ForbiddenError)) {
    throw first.error;
  }
}

/** The end of what is pulled: now, or `--until`, in whole seconds as the API has them. */
function untilOf({ until }: SyncCommandOptions, now: Date): Date {
  if (until === undefined) {
    return wholeSecond(now);
  }
  const instant = new Date(until);
  if (Number.isNaN(instant.getTime())) {
    throw new UsageError(`--until ${until} is not a time; write it like 2026-03-01T06:00:00Z`);
  }
  if (instant > now) {
    throw new UsageError(
      `--until ${until} is in the future: what is not there yet would be passed over for good`,
    );
  }
  return wholeSecond(instant);
}
