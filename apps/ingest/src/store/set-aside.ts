import { dayOf, type Day, type DayRange } from "../sync/windows/days.ts";
import { asHolder, type Held } from "./pipeline-leases.ts";
import type { LogWindow } from "../sync/windows/windows.ts";

/**
 * Notes that the answer for a window cannot be read or stored, and moves the watermark past it where `movesWatermark`: one
 * answer must not keep from the history all that came after it. Its days are in dispute until it can be read.
 */
export async function setAside(
  held: Held & { now: () => Date },
  { from, to }: LogWindow,
  { reason, movesWatermark }: { reason: string; movesWatermark: boolean },
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
      [pipelineUuid, from, to, reason.replaceAll("\0", "\uFFFD"), now],
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

/** Forgets the windows within `window`, whose answers are stored now. */
export async function resolveSetAside(held: Held, { from, to }: LogWindow): Promise<void> {
  await asHolder(held, ({ client }) =>
    client.query(
      `delete from runledger.set_aside_answers
       where pipeline_uuid = $1 and window_from >= $2 and window_to <= $3`,
      [held.pipelineUuid, from, to],
    ),
  );
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

/** So many of the windows set aside are tried again in a night, those first that were tried longest ago. */
const TRIED_AGAIN = 20;

export async function windowsToTryAgain({ history, pipelineUuid }: Held): Promise<LogWindow[]> {
  const { rows } = await history.pool.query<LogWindow>(
    `select window_from as from, window_to as to from runledger.set_aside_answers
     where pipeline_uuid = $1 order by last_tried_at, window_from limit $2`,
    [pipelineUuid, TRIED_AGAIN],
  );
  return rows;
}

/** The days of a range on which an answer is set aside. */
export async function setAsideDays(
  { history, pipelineUuid }: Held,
  { first, last }: DayRange,
): Promise<Set<Day>> {
  const { rows } = await history.pool.query<{ day: Day }>(
    `select distinct day::date as day
     from runledger.set_aside_answers,
          generate_series((window_from at time zone 'UTC')::date, (window_to at time zone 'UTC')::date, '1 day') day
     where pipeline_uuid = $1 and day between $2 and $3`,
    [pipelineUuid, first, last],
  );
  return new Set(rows.map(({ day }) => day));
}
