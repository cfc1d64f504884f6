import type { Context } from "@runledger/cli";
import type { History } from "@runledger/history";

/** This machine's clock is behind what the history already holds: what is due cannot be told by it. */
export class ClockBehindError extends Error {
  override name = "ClockBehindError";
}

/** So far this machine's clock may be from what the history knows of the time. */
const TOLERATED_MS = 60_000;

/**
 * This machine's now, or the source's where this machine's clock is ahead of it: a week that has not been is not over.
 * The source's time is what the last sync that learned it found, carried on by the database's clock.
 */
export async function readNow({ log, now }: Context, { pool }: History): Promise<Date> {
  const { rows } = await pool.query<{ sourceTime: Date }>(
    `select clock_timestamp() + source_ahead_ms * interval '1 ms' as "sourceTime" from runledger.syncs
     where source_ahead_ms is not null order by sync_id desc limit 1`,
  );
  const [known] = rows;
  const instant = now();
  const leadMs = known ? instant.getTime() - known.sourceTime.getTime() : 0;
  if (!known || leadMs <= TOLERATED_MS) return instant;
  log.warn(
    { aheadSeconds: Math.round(leadMs / 1000) },
    `this machine's clock is ahead of the source's, whose time counts. ${KEEP_TIME}`,
  );
  return known.sourceTime;
}

/**
 * A clock that was set back would find weeks due that were long ago. The history is synced only through what has been, so
 * a clock that shows less is wrong, and nothing is to be sent by it.
 *
 * @throws ClockBehindError
 */
export async function assertClockNotBehind({ now }: Pick<Context, "now">, { pool }: History): Promise<void> {
  const { rows } = await pool.query<{ through: Date | null }>(
    "select max(synced_through) as through from runledger.pipelines",
  );
  const through = rows[0]?.through ?? null;
  const instant = now();
  if (through === null || instant.getTime() >= through.getTime() - TOLERATED_MS) return;
  throw new ClockBehindError(
    `this machine's clock shows ${instant.toISOString()}, but the history is synced through ${through.toISOString()}: ` +
      `nothing was sent. ${KEEP_TIME} If it is the history that is wrong, the next ingest sync mends it.`,
  );
}

const KEEP_TIME = "Let this machine keep time by NTP (timedatectl set-ntp true).";
