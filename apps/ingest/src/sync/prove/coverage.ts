import type { CoverageState, History } from "@runledger/history";
import { sql } from "kysely";
import { endOf, type Day, type DayRange } from "../windows/days.ts";
import { asHolder, type Held } from "../../store/pipeline-leases.ts";
import type { DisputedDay } from "../pull/tally.ts";

/** A day's figures on both sides, as the ledger keeps them; null where the source's cannot be trusted. */
export interface ComparedDay {
  day: Day;
  agrees: boolean;
  storedRuns: number;
  sourceRuns: number | null;
  storedFailures: number;
  sourceFailures: number | null;
  storedTaskRuns: number;
  sourceTaskRuns: number;
}

/**
 * After its end a day can still change for so long: results travel through a queue that can be hours behind. What
 * comes even later is found all the same, as a day is compared again on many nights.
 */
const SETTLES_AFTER_MS = 6 * 3_600_000;

/** When a comparison was made, and up to when the log had been pulled then. */
export interface ComparedAt {
  now: Date;
  through: Date;
}

export function stateOf(day: Day, agrees: boolean, { now, through }: ComparedAt): CoverageState {
  const end = endOf(day);
  if (through < end) {
    return "open";
  }
  if (!agrees) {
    return "disputed";
  }
  return now.getTime() - end.getTime() >= SETTLES_AFTER_MS ? "proven" : "open";
}

/** The first day of the range of which the ledger does not say for good whether it agrees; null when it does of all. */
export async function firstUnsettledDay(
  { pool }: History,
  pipelineUuid: string,
  { first, last }: DayRange,
): Promise<Day | null> {
  const { rows } = await pool.query<{ day: Day | null }>(
    `select min(day)::date as day
     from generate_series($2::timestamp, $3::timestamp, '1 day') day
     where not exists (
       select from runledger.coverage c
       where c.pipeline_uuid = $1 and c.day = day.day::date and c.state in ('proven', 'disputed')
     )`,
    [pipelineUuid, first, last],
  );
  return rows[0]?.day ?? null;
}

/**
 * The first day of the range whose stored figures have to be worked out anew. The days before it are proven by the
 * pipeline's own figures, and neither side has changed since. Null when all days are like that. On a day without a
 * success these figures can be another period's, so a change need not show in them.
 */
export async function firstDoubtfulDay(
  { pool }: History,
  pipelineUuid: string,
  { first, last }: DayRange,
): Promise<Day | null> {
  const { rows } = await pool.query<{ doubtful: Day | null }>(
    `select least(
       (select (stats_stale_from at time zone 'UTC')::date from runledger.pipelines where pipeline_uuid = $1),
       (select min(day)::date
        from generate_series($2::timestamp, $3::timestamp, '1 day') day
        where not exists (
          select from runledger.coverage c
          where c.pipeline_uuid = $1 and c.day = day.day::date and c.state = 'proven'
            and (c.source_runs > c.source_failures or c.source_runs = 0)
        ))
     ) as doubtful`,
    [pipelineUuid, first, last],
  );
  const doubtful = rows[0]?.doubtful ?? null;
  return doubtful === null || doubtful > last ? null : doubtful < first ? first : doubtful;
}

/** Enters days that are not in the ledger as unverified: so they stay if the source gives no statistics. */
export async function enterDays(held: Held, { first, last }: DayRange, now: Date): Promise<void> {
  const { pipelineUuid } = held;
  await asHolder(held, ({ client }) =>
    client.query(
      `insert into runledger.coverage (pipeline_uuid, day, state, checked_at)
     select $1, day, 'unverified', $4 from generate_series($2::timestamp, $3::timestamp, '1 day') day
     on conflict do nothing`,
      [pipelineUuid, first, last, now],
    ),
  );
}

/** @param aside days of which an answer is set aside: they are in dispute whatever the figures say, also before their end. */
export async function recordDays(
  held: Held,
  days: readonly ComparedDay[],
  aside: ReadonlySet<Day>,
  at: ComparedAt,
): Promise<void> {
  const rows = days.map((day) => ({
    pipeline_uuid: held.pipelineUuid,
    day: day.day,
    state: aside.has(day.day) ? "disputed" : stateOf(day.day, day.agrees, at),
    stored_runs: day.storedRuns,
    source_runs: day.sourceRuns,
    stored_failures: day.storedFailures,
    source_failures: day.sourceFailures,
    stored_task_runs: day.storedTaskRuns,
    source_task_runs: day.sourceTaskRuns,
    checked_at: at.now,
  }));
  await asHolder(held, ({ db }) =>
    db
      .insertInto("coverage")
      .values(rows)
      .onConflict((conflict) =>
        conflict.columns(["pipeline_uuid", "day"]).doUpdateSet({
          state: sql`excluded.state`,
          stored_runs: sql`excluded.stored_runs`,
          source_runs: sql`excluded.source_runs`,
          stored_failures: sql`excluded.stored_failures`,
          source_failures: sql`excluded.source_failures`,
          stored_task_runs: sql`excluded.stored_task_runs`,
          source_task_runs: sql`excluded.source_task_runs`,
          checked_at: sql`excluded.checked_at`,
        }),
      )
      .execute(),
  );
}

/** The days of the range that are in dispute. */
export async function disputedDays(
  { db }: History,
  pipelineUuid: string,
  { first, last }: DayRange,
): Promise<DisputedDay[]> {
  const rows = await db
    .selectFrom("disagreements")
    .select([
      "day",
      "stored_runs as storedRuns",
      "source_runs as sourceRuns",
      "stored_failures as storedFailures",
      "source_failures as sourceFailures",
      "stored_task_runs as storedTaskRuns",
      "source_task_runs as sourceTaskRuns",
      "quarantined_rows as quarantinedRows",
      "set_aside_answers as setAsideAnswers",
    ])
    .where("pipeline_uuid", "=", pipelineUuid)
    .where("day", ">=", first)
    .where("day", "<=", last)
    .orderBy("day")
    .execute();
  return rows.map((row) => ({
    day: row.day ?? "",
    storedRuns: row.storedRuns ?? 0,
    sourceRuns: row.sourceRuns,
    storedFailures: row.storedFailures ?? 0,
    sourceFailures: row.sourceFailures,
    storedTaskRuns: row.storedTaskRuns ?? 0,
    sourceTaskRuns: row.sourceTaskRuns ?? 0,
    quarantinedRows: row.quarantinedRows ?? 0,
    setAsideAnswers: row.setAsideAnswers ?? 0,
  }));
}
