import { dayOf, type Day } from "../sync/windows/days.ts";
import { asHolder, type Held } from "./pipeline-leases.ts";
import type { LogWindow } from "../sync/windows/windows.ts";

/** A window of the log whose answer cannot be read or stored, or was not tried to its end, and why. */
export interface UnreadWindow extends LogWindow {
  reason: string;
}

/**
 * Notes that the answer for a window cannot be read or stored, and moves the watermark past it where `movesWatermark`: one
 * answer must not keep from the history all that came after it. Its days are in dispute until it can be read.
 */
export async function setAside(
  held: Held & { now: () => Date },
  { from, to, reason }: UnreadWindow,
  { movesWatermark }: { movesWatermark: boolean },
): Promise<void> {
  const { pipelineUuid } = held;
  const now = held.now();
  await asHolder(held, async ({ client }) => {
    await client.query(
      `insert into runledger.set_aside_answers as known
         (pipeline_uuid, window_from, window_to, reason, first_seen_at, last_tried_at)
       values ($1, $2, $3, $4, $5, $5)
       on conflict on constraint set_aside_answers_pkey do update
       set reason = excluded.reason, tries = known.tries + 1, last_tried_at = excluded.last_tried_at`,
      [pipelineUuid, from, to, storable(reason), now],
    );
    await client.query(
      `update runledger.coverage set state = 'disputed'
       where pipeline_uuid = $1 and day between $2 and $3 and state = 'proven'`,
      [pipelineUuid, dayOf(from), dayOf(to)],
    );
    if (movesWatermark) {
      await client.query(
        "update runledger.pipelines set synced_through = greatest(synced_through, $2) where pipeline_uuid = $1",
        [pipelineUuid, to],
      );
    }
  });
}

/**
 * Puts in the place of what was set aside within `window`, all of which was tried again, what is left of it; windows that touch
 * become one. Days of which nothing is left are to be compared anew.
 */
export async function replaceSetAside(
  held: Held & { now: () => Date },
  window: LogWindow,
  left: readonly UnreadWindow[],
): Promise<void> {
  const { pipelineUuid } = held;
  const parts = joinedParts(left);
  await asHolder(held, async ({ client }) => {
    await client.query(
      `with tried as (
         delete from runledger.set_aside_answers
         where pipeline_uuid = $1 and window_from >= $2 and window_to <= $3
         returning tries, first_seen_at
       )
       insert into runledger.set_aside_answers as known
         (pipeline_uuid, window_from, window_to, reason, tries, first_seen_at, last_tried_at)
       select $1, part.*, coalesce((select max(tries) from tried), 0) + 1,
              coalesce((select min(first_seen_at) from tried), $7), $7
       from unnest($4::timestamptz[], $5::timestamptz[], $6::text[]) part`,
      [
        pipelineUuid,
        window.from,
        window.to,
        parts.map(({ from }) => from),
        parts.map(({ to }) => to),
        parts.map(({ reason }) => storable(reason)),
        held.now(),
      ],
    );
    await client.query(
      `update runledger.coverage c set state = 'unverified'
       where pipeline_uuid = $1 and day between $2 and $3 and state = 'disputed'
         and not exists (
           select from runledger.set_aside_answers a
           where a.pipeline_uuid = c.pipeline_uuid
             and a.window_from < (c.day + 1)::timestamp at time zone 'UTC'
             and a.window_to >= c.day::timestamp at time zone 'UTC'
         )`,
      [pipelineUuid, dayOf(window.from), dayOf(window.to)],
    );
  });
}

/** In the order of time; the reason is that of the first. */
function joinedParts(parts: readonly UnreadWindow[]): UnreadWindow[] {
  const result: UnreadWindow[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (last && last.to >= part.from) {
      result[result.length - 1] = { ...last, to: part.to };
    } else {
      result.push(part);
    }
  }
  return result;
}

/** Postgres's text has no room for a NUL. */
function storable(reason: string): string {
  return reason.replaceAll("\0", "\uFFFD");
}

/** The windows set aside that lie in a range, in order. */
export async function setAsideWindows(
  { history, pipelineUuid }: Held,
  { from, to }: LogWindow,
): Promise<LogWindow[]> {
  const { rows } = await history.pool.query<LogWindow>(
    `select window_from as from, window_to as to from runledger.set_aside_answers
     where pipeline_uuid = $1 and window_from < $3 and window_to > $2 order by window_from`,
    [pipelineUuid, from, to],
  );
  return rows;
}

/** The windows set aside that lie in a range, if any is given; those first that were tried longest ago. */
export async function windowsToTryAgain(
  { history, pipelineUuid }: Held,
  range?: LogWindow,
): Promise<LogWindow[]> {
  const { rows } = await history.pool.query<LogWindow>(
    `select window_from as from, window_to as to from runledger.set_aside_answers
     where pipeline_uuid = $1
       and window_from < coalesce($3, 'infinity'::timestamptz) and window_to > coalesce($2, '-infinity'::timestamptz)
     order by last_tried_at, window_from`,
    [pipelineUuid, range?.from ?? null, range?.to ?? null],
  );
  return rows;
}

/** The days on which an answer is set aside, in order. */
export async function setAsideDays({ history, pipelineUuid }: Held): Promise<Day[]> {
  const { rows } = await history.pool.query<{ day: Day }>(
    `select distinct day::date as day
     from runledger.set_aside_answers,
          generate_series((window_from at time zone 'UTC')::date, (window_to at time zone 'UTC')::date, '1 day') day
     where pipeline_uuid = $1 order by day`,
    [pipelineUuid],
  );
  return rows.map(({ day }) => day);
}
