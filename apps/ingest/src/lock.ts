import { hostname } from "node:os";
import type { History } from "@runledger/history";

/** One number for all Runledger processes that write run history. */
const SYNC_LOCK = 7_265_738_802;

/** Another process is writing to this history. */
export class LockedError extends Error {
  override name = "LockedError";
}

/** The session that held the lock ended: from then on another process may be writing. What was committed stays. */
export class LockLostError extends Error {
  override name = "LockLostError";
}

/** The history's lock. Disposing of it frees it. */
export interface Lock extends AsyncDisposable {
  /** Aborts with a LockLostError when the database ends the session that holds the lock. */
  signal: AbortSignal;
}

/**
 * Takes the history's lock for this process. It is held by a database session, so it ends with its owner, however
 * that ends.
 *
 * @throws LockedError at once, saying who holds it, when another process does.
 */
export async function takeLock({ pool }: History, command: string): Promise<Lock> {
  const session = await pool.connect();
  const lost = new AbortController();
  session.on("error", (cause) => lost.abort(lockLost(cause)));
  // Whoever is refused reads this in pg_stat_activity.
  await session.query("select set_config('application_name', $1, false)", [
    `runledger-ingest ${command}, pid ${process.pid} on ${hostname()}`.slice(0, 63),
  ]);
  const { rows } = await session.query<{ taken: boolean }>("select pg_try_advisory_lock($1) as taken", [
    SYNC_LOCK,
  ]);
  if (!rows[0]?.taken) {
    const holder = await session.query<{ name: string; since: Date }>(HOLDER, [SYNC_LOCK]);
    session.release(true);
    const { name = "another process", since } = holder.rows[0] ?? {};
    throw new LockedError(
      `the history is locked by ${name}${since ? ` since ${since.toISOString()}` : ""}. ` +
        "Wait for it to end; the lock is freed by itself then.",
    );
  }
  return {
    signal: lost.signal,
    async [Symbol.asyncDispose]() {
      // Closing the session frees the lock, too, but only when Postgres finds out: the next command may be quicker.
      await session.query("select pg_advisory_unlock($1)", [SYNC_LOCK]).catch(() => {});
      session.release(true);
    },
  };
}

function lockLost(cause: Error): LockLostError {
  return new LockLostError(
    `lost the lock on the history, and stopped, as the database ended the session that held it: ${cause.message}. ` +
      "What was committed stays; run again when the database is back.",
    { cause },
  );
}

/** An advisory lock's number of 64 bits is shown as two of 32. */
const HOLDER = `
  select a.application_name as name, a.backend_start as since
  from pg_locks l join pg_stat_activity a using (pid)
  where l.locktype = 'advisory' and l.granted and l.objsubid = 1
    and (l.classid::bigint << 32 | l.objid::bigint) = $1::bigint
    and l.database = (select oid from pg_database where datname = current_database())`;
