import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { History } from "../connection/database.ts";
import { LeaseLostError } from "../connection/errors.ts";
import { hasEnded, thisProcess } from "./this-process.ts";

/** How long what a process holds is safe without a word from it, and how often it gives one, in milliseconds. */
export interface LeaseTiming {
  lengthMs: number;
  beatMs: number;
}

/** Three beats may fail before anybody else takes over. */
export const LEASE_TIMING: LeaseTiming = { lengthMs: 60_000, beatMs: 15_000 };

/** A command that is at work, by its row in `processes`. Disposing of it deletes the row. */
export interface EnlistedProcess extends AsyncDisposable {
  uuid: string;
  /** Aborts with a LeaseLostError once what it holds may have been taken over. */
  signal: AbortSignal;
}

/**
 * Enters this process in `processes` and keeps the row alive by a heartbeat. What the process claims under its name is
 * its own as long as the row is there and has not expired, by the database's clock.
 *
 * @param name of the command, for people who find it in their way.
 */
export async function enlist(
  history: History,
  name: string,
  timing: LeaseTiming = LEASE_TIMING,
): Promise<EnlistedProcess> {
  await strikeOutEnded(history);
  const uuid = randomUUID();
  const { machine, pid, pidStarted } = thisProcess();
  const begun = performance.now();
  await history.pool.query(
    `insert into runledger.processes (process_uuid, name, machine, pid, pid_started, expires_at)
     values ($1, $2, $3, $4, $5, now() + $6 * interval '1 ms')`,
    [uuid, `${name}, pid ${pid} on ${hostname()}`, machine, pid, pidStarted, timing.lengthMs],
  );
  const heartbeat = startHeartbeat(() => renew(history, uuid, timing.lengthMs), timing, begun);
  return {
    uuid,
    signal: heartbeat.signal,
    async [Symbol.asyncDispose]() {
      heartbeat.stop();
      // A row that stays says nothing for long.
      await history.pool
        .query("delete from runledger.processes where process_uuid = $1", [uuid])
        .catch(() => {});
    },
  };
}

/** Condition on a column that names a process: that it lives. */
export function isAliveSql(column: string): string {
  return `exists (select from runledger.processes p where p.process_uuid = ${column} and p.expires_at > now())`;
}

/**
 * Takes out the rows of processes that were killed on this machine: nobody has to wait for those to expire. And what
 * has not given a word for a day, on any machine.
 */
async function strikeOutEnded({ pool }: History): Promise<void> {
  const { machine } = thisProcess();
  const { rows } = await pool.query<{ uuid: string; pid: number; pidStarted: string | null }>(
    `select process_uuid as uuid, pid, pid_started as "pidStarted" from runledger.processes
     where machine = $1 or expires_at < now() - interval '1 day'`,
    [machine],
  );
  const ended = rows.filter(({ pid, pidStarted }) => hasEnded({ machine, pid, pidStarted }));
  if (rows.length > 0) {
    await pool.query(
      `delete from runledger.processes
       where process_uuid = any($1::uuid[]) or expires_at < now() - interval '1 day'`,
      [ended.map(({ uuid }) => uuid)],
    );
  }
}

/** Whether the row was still there. One that has expired is renewed, too: whatever was taken over names another process. */
async function renew({ pool }: History, uuid: string, lengthMs: number): Promise<boolean> {
  const { rowCount } = await pool.query(
    "update runledger.processes set expires_at = now() + $2 * interval '1 ms' where process_uuid = $1",
    [uuid, lengthMs],
  );
  return rowCount === 1;
}

/**
 * Renews again and again. What fails is tried again sooner, until the lease has run out by this process's own count,
 * which no change of the clock disturbs and which starts before the database's does.
 */
function startHeartbeat(
  beat: () => Promise<boolean>,
  { lengthMs, beatMs }: LeaseTiming,
  begun: number,
): { signal: AbortSignal; stop: () => void } {
  const lost = new AbortController();
  let isStopped = false;
  let renewedAt = begun;
  let timer: NodeJS.Timeout;

  /** Why the lease is lost; null when it is not. */
  async function whyLost(): Promise<{ why: string; cause?: unknown } | null> {
    const askedAt = performance.now();
    try {
      const isThere = await beat();
      renewedAt = askedAt;
      return isThere ? null : { why: "another process has taken this one for dead" };
    } catch (cause) {
      const isOver = performance.now() - renewedAt >= lengthMs;
      return isOver ? { why: `it could not be renewed for ${lengthMs / 1000} s`, cause } : null;
    }
  }

  async function tick(): Promise<void> {
    const loss = await whyLost();
    if (isStopped) {
      return;
    }
    if (loss) {
      lost.abort(new LeaseLostError(lostText(loss.why), { cause: loss.cause }));
    } else {
      const sinceMs = performance.now() - renewedAt;
      next(sinceMs < beatMs ? beatMs : beatMs / 5);
    }
  }

  function next(ms: number): void {
    timer = setTimeout(() => void tick(), ms);
    timer.unref();
  }

  next(beatMs);
  return {
    signal: lost.signal,
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

function lostText(why: string): string {
  return `lost the lease on the history, and stopped: ${why}. What was committed stays; the next run goes on from there.`;
}
