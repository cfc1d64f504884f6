import {
  enlist,
  hasCode,
  inTransaction,
  LeaseLostError,
  type EnlistedProcess,
  type History,
  type HistoryTransaction,
  type LeaseTiming,
} from "@runledger/history";

/** Every pipeline that the command is about is worked on by another process. */
export class LockedError extends Error {
  override name = "LockedError";
}

/** Another process works on this pipeline, so that this one leaves it alone. */
class PipelineBusyError extends Error {
  override name = "PipelineBusyError";
}

/** A process's leases on pipelines. Disposing of it gives them back. */
export interface PipelineLeases extends AsyncDisposable {
  processUuid: string;
  /** Aborts with a LeaseLostError when they may have been taken over. */
  signal: AbortSignal;
  /** The pipelines that others work on, and who. */
  busy: ReadonlyMap<string, PipelineBusyError>;
}

/**
 * Takes the leases of pipelines for this process: of those that nobody has, or somebody who has died. In one
 * transaction, in the order of their names: of two commands that want the same, one gets all of them.
 *
 * @throws LockedError at once, saying who holds them, when all are taken.
 */
export async function takeLeases(
  history: History,
  pipelineUuids: readonly string[],
  command: string,
  timing?: LeaseTiming,
): Promise<PipelineLeases> {
  const holder = await enlist(history, `runledger-ingest ${command}`, timing);
  try {
    const busy = await takeAll(history, pipelineUuids, holder);
    const [first] = busy.values();
    if (first && busy.size === pipelineUuids.length) {
      throw new LockedError(
        `${first.message}. Wait for it to end. If it was killed, its lease ends by itself: at once on its own ` +
          "machine, a minute later on another.",
      );
    }
    return {
      processUuid: holder.uuid,
      signal: holder.signal,
      busy,
      async [Symbol.asyncDispose]() {
        await giveBack(history, pipelineUuids, holder).catch(() => {});
        await holder[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await holder[Symbol.asyncDispose]();
    throw error;
  }
}

/** What is written for a pipeline, by whom. */
export interface Held {
  history: History;
  pipelineUuid: string;
  /** The process that holds the pipeline's lease. */
  processUuid: string;
}

/**
 * Runs `work` in a transaction that only the holder of the pipeline's lease can make: whoever takes the lease over waits
 * for its end, and after that it cannot begin. All that is written for a pipeline is written by this.
 *
 * @throws LeaseLostError when another process has taken over; then nothing is written.
 */
export async function asHolder<T>(
  held: Held,
  work: (transaction: HistoryTransaction) => Promise<T>,
): Promise<T> {
  const { history, pipelineUuid, processUuid } = held;
  const fence = {
    statement: (literal: (value: string) => string) =>
      `select from runledger.pipeline_leases
       where pipeline_uuid = ${literal(pipelineUuid)} and process_uuid = ${literal(processUuid)} for share`,
    error: leaseLost,
  };
  try {
    return await inTransaction(history, work, fence);
  } catch (cause) {
    // Whoever takes over ends a transaction that is in its way; what that looks like from here is no help to anybody.
    throw (await isHeld(held).catch(() => true)) ? cause : leaseLost(cause);
  }
}

async function isHeld({ history, pipelineUuid, processUuid }: Held): Promise<boolean> {
  const { rowCount } = await history.pool.query(
    "select from runledger.pipeline_leases where pipeline_uuid = $1 and process_uuid = $2",
    [pipelineUuid, processUuid],
  );
  return rowCount === 1;
}

function leaseLost(cause?: unknown): LeaseLostError {
  return new LeaseLostError(
    "lost the lease on the pipeline: this process stood still for so long that another one has taken over. What was " +
      "committed stays",
    { cause },
  );
}

async function takeAll(
  history: History,
  pipelineUuids: readonly string[],
  { uuid }: EnlistedProcess,
): Promise<Map<string, PipelineBusyError>> {
  return inTransaction(history, async (transaction) => {
    await transaction.client.query("set local lock_timeout = '30s'");
    const busy = new Map<string, PipelineBusyError>();
    for (const pipelineUuid of pipelineUuids.toSorted()) {
      const error = await take(history, transaction, pipelineUuid, uuid);
      if (error !== null) {
        busy.set(pipelineUuid, error);
      }
    }
    return busy;
  });
}

/** Null when the lease is ours now. Every statement names the pipeline, so that it also finds it on several nodes. */
async function take(
  history: History,
  transaction: HistoryTransaction,
  pipelineUuid: string,
  processUuid: string,
): Promise<PipelineBusyError | null> {
  const { client } = transaction;
  for (;;) {
    const { rowCount: isNew } = await client.query(
      `insert into runledger.pipeline_leases (pipeline_uuid, process_uuid) values ($1, $2) on conflict do nothing`,
      [pipelineUuid, processUuid],
    );
    if (isNew === 1) {
      return null;
    }
    const holder = await readHolder(transaction, pipelineUuid);
    if (holder === null) {
      continue;
    }
    if (holder.isAlive) {
      const since = holder.since?.toISOString();
      return new PipelineBusyError(`${holder.name} is at work on it since ${since}`);
    }
    const isOurs = await withoutFrozenSessions(history, transaction, () =>
      client.query(
        `update runledger.pipeline_leases set process_uuid = $2, taken_at = now()
         where pipeline_uuid = $1 and process_uuid = $3`,
        [pipelineUuid, processUuid, holder.uuid],
      ),
    );
    if (isOurs.rowCount === 1) {
      return null;
    }
  }
}

/** Who has the lease; null when it was given back this moment. */
async function readHolder({ client }: HistoryTransaction, pipelineUuid: string) {
  const lease = await client.query<{ uuid: string }>(
    "select process_uuid as uuid from runledger.pipeline_leases where pipeline_uuid = $1",
    [pipelineUuid],
  );
  const uuid = lease.rows[0]?.uuid;
  if (uuid === undefined) {
    return null;
  }
  // By the clock that goes on: this transaction may have waited.
  const { rows } = await client.query<{ name: string; since: Date; isAlive: boolean }>(
    `select name, started_at as since, expires_at > clock_timestamp() as "isAlive"
     from runledger.processes where process_uuid = $1`,
    [uuid],
  );
  const [{ name, since, isAlive } = { name: "", since: null, isAlive: false }] = rows;
  return { uuid, name, since, isAlive };
}

const FROZEN_CHECK_MS = 500;

/**
 * A process that was frozen in the midst of a transaction keeps the pipeline's lease locked for as long as its session
 * lasts. While the takeover waits, such sessions are ended: those that hold it up and have been waiting for their own
 * process.
 */
async function withoutFrozenSessions<T>(
  { pool }: History,
  { client }: HistoryTransaction,
  takeOver: () => Promise<T>,
): Promise<T> {
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  const check = setInterval(() => {
    pool.query(END_FROZEN, [rows[0]?.pid]).catch(() => {});
  }, FROZEN_CHECK_MS);
  try {
    return await takeOver();
  } catch (cause) {
    if (hasCode(cause, LOCK_NOT_AVAILABLE)) {
      throw new LockedError(
        "a process that stands still keeps a pipeline locked in the database, and its session cannot be ended by " +
          "this user: end the process, or its session with pg_terminate_backend",
        { cause },
      );
    }
    throw cause;
  } finally {
    clearInterval(check);
  }
}

const LOCK_NOT_AVAILABLE = "55P03";

const END_FROZEN = `
  select pg_terminate_backend(a.pid)
  from unnest(pg_blocking_pids($1)) as blocking (pid)
  join pg_stat_activity a using (pid)
  where a.wait_event = 'ClientRead' and a.state_change < clock_timestamp() - interval '1 s'`;

async function giveBack(
  { pool }: History,
  pipelineUuids: readonly string[],
  { uuid }: EnlistedProcess,
): Promise<void> {
  await pool.query(
    "delete from runledger.pipeline_leases where pipeline_uuid = any($1::uuid[]) and process_uuid = $2",
    [pipelineUuids, uuid],
  );
}
