import { setTimeout as sleep } from "node:timers/promises";
import { exitCode, type Context, type ExitCode } from "@runledger/cli";
import type { PipelineConfig, RunledgerConfig } from "@runledger/config";
import {
  openWritableHistory,
  recordDefinition,
  withRemedy,
  type History,
  type SyncOutcome,
} from "@runledger/history";
import { ForbiddenError } from "@runledger/ylem-client";
import type { IngestCommand } from "./ingest-command.ts";
import { takeLeases } from "../store/pipeline-leases.ts";
import { limitToSourceClock } from "./source-clock.ts";
import { saySummary } from "./summary.ts";
import { closeLedgerRow, noteSourceTime, openLedgerRow, type SyncCounts } from "../store/sync-ledger.ts";
import { workOnPipelines, type PipelineResult } from "./work-on-pipelines.ts";
import { wholeSecond } from "./windows/windows.ts";
import { createYlemClient, type YlemContext } from "./ylem.ts";

/**
 * Runs a command over pipelines, as the holder of their leases, with a row in `syncs`, progress and a summary. Those that
 * another process works on are left alone.
 *
 * @throws LockedError when others work on all of them, and ForbiddenError when no pipeline at all may be read.
 */
export async function runIngest(
  context: YlemContext,
  config: RunledgerConfig,
  pipelines: readonly PipelineConfig[],
  command: IngestCommand,
): Promise<ExitCode> {
  const { environment, now } = context;
  const startedAt = now();
  const counts: SyncCounts = { requests: 0, rowsFetched: 0, rowsNew: 0, daysVerified: 0, daysRepaired: 0 };
  const client = createYlemClient(context, () => (counts.requests += 1), config.api);
  await using history = await openWritableHistory(environment.databaseUrl, "runledger-ingest");
  const explain = async (cause: unknown): Promise<never> => {
    throw await withRemedy(history.db, cause);
  };
  const uuids = pipelines.map(({ uuid }) => uuid);
  await using leases = await takeLeases(history, uuids, command.name, context.leaseTiming).catch(explain);
  const { processUuid, busy } = leases;
  const signal = AbortSignal.any([context.signal, leases.signal]);
  const syncId = await openLedgerRow(history, { command: command.name, startedAt, processUuid }).catch(
    explain,
  );
  let outcome: SyncOutcome = "failed";
  let error: string | null = null;
  try {
    // Gets a token: credentials that are refused, or an API that is down, are said before anything is pulled.
    await client.scopes({ signal });
    const trustedNow = limitToSourceClock(client, now);
    const begunAt = trustedNow();
    warnOfLead(context, begunAt);
    await noteSourceTime(history, syncId, client.serverTime());
    for (const agreement of config.agreements) {
      await recordDefinition(history, agreement, { seenAt: begunAt, restatedFrom: null });
    }
    const results = await workOnPipelines(context, pipelines, command, {
      config,
      history,
      processUuid,
      busy,
      client,
      signal,
      now: trustedNow,
      begunAt: wholeSecond(begunAt),
    });
    for (const { tally } of results) {
      counts.rowsFetched += tally.rowsFetched;
      counts.rowsNew += tally.rowsNew;
      counts.daysVerified += tally.daysVerified;
      counts.daysRepaired += tally.daysRepaired;
    }
    context.signal.throwIfAborted();
    const failures = results.flatMap((result) => failureOf(result, command));
    error = failures.join("\n") || null;
    throwIfAllForbidden(results);
    outcome = outcomeOf(results.length, failures.length);
    saySummary(context, command.name, results, counts, now().getTime() - startedAt.getTime());
    return outcome === "done" ? exitCode.done : exitCode.partial;
  } catch (cause) {
    outcome = context.signal.aborted ? "interrupted" : "failed";
    error ??= cause instanceof Error ? cause.message : String(cause);
    return await explain(cause);
  } finally {
    await noteEnd(context, history, syncId, { outcome, counts, error });
    await client.close();
  }
}

function warnOfLead({ log, now }: Context, begunAt: Date): void {
  const leadMs = now().getTime() - begunAt.getTime();
  if (leadMs > 0) {
    log.warn(
      { aheadSeconds: Math.round(leadMs / 1000) },
      "this machine's clock is ahead of the API's: the API's time counts. Let this machine keep time by NTP " +
        "(timedatectl set-ntp true)",
    );
  }
}

/** What is missing of a pipeline, in one line; nothing when it is complete. */
function failureOf({ name, tally, error }: PipelineResult, { isFailure }: IngestCommand): string[] {
  if (error !== null) {
    return [`${name}: ${error.message}`];
  }
  const days = tally.disputed.filter(isFailure).map(({ day }) => day);
  return days.length === 0 ? [] : [`${name}: stored rows disagree with the source on ${days.join(", ")}`];
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

const NOTE_TRIES = 3;
const NOTE_PAUSE_MS = 500;

/**
 * Notes the end in `syncs`. Sessions that the database ended are found out one by one, so it is tried again. A
 * database that is gone cannot take the note; the next command then notes that this one ended without a word.
 */
async function noteEnd(
  { log, now }: Context,
  history: History,
  syncId: number,
  end: { outcome: SyncOutcome; counts: SyncCounts; error: string | null },
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await closeLedgerRow(history, syncId, { ...end, finishedAt: now() });
      return;
    } catch (cause) {
      if (tries === NOTE_TRIES) {
        log.warn({ error: String(cause) }, "could not note the end in runledger.syncs");
        return;
      }
      await sleep(NOTE_PAUSE_MS);
    }
  }
}
