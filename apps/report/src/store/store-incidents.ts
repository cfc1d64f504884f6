import type { HistoryTransaction } from "@runledger/history";
import { sql } from "kysely";
import { type WeeklyReport, isoOf, isoOrNull, microsOf, trendWeeks } from "@runledger/sla";

/**
 * Brings the incidents of a report up to date for SQL users. Each belongs to the week it opened in; one that late rows
 * have dissolved is no longer there.
 */
export async function storeIncidents(transaction: HistoryTransaction, report: WeeklyReport): Promise<void> {
  await closeEarlier(transaction, report);
  await upsertIncidents(transaction, report);
}

/**
 * A report of an earlier week does not know how an incident went on after it, unless it saw it close. Where late rows or
 * another definition give one that was open at the week's end another beginning, its closing is still the first good
 * event after the week: it takes that over from the one it replaces.
 *
 * An objective has one incident open at a time. So one that lasted into the week, or from before the 13 weeks into them,
 * replaces any other that was open then: earlier versions let such a one open anew in each report.
 */
async function upsertIncidents(
  { db }: HistoryTransaction,
  { agreement, week, incidents, incidentsBefore }: WeeklyReport,
): Promise<void> {
  const [first = week] = trendWeeks(week);
  const carried = incidentsBefore.filter(({ openedAt }) => openedAt < microsOf(first.start));
  await sql`
    with of_week as (select * from ${asRows(incidents)}),
    carried as (select * from ${asRows(carried)}),
    standing as (
      select pipeline_uuid, objective, ${week.start}::timestamptz as open_at from of_week where opened_at < ${week.start}
      union all
      select pipeline_uuid, objective, closed_at from carried
    ),
    untold as (
      select pipeline_uuid, objective, opened_at from runledger.incidents
      where agreement = ${agreement.id} and opened_at >= ${week.start} and opened_at < ${week.end}
        and (pipeline_uuid, objective, opened_at) not in (select pipeline_uuid, objective, opened_at from of_week)
      union
      select pipeline_uuid, objective, opened_at
      from standing join runledger.incidents using (pipeline_uuid, objective)
      where agreement = ${agreement.id} and opened_at < open_at and (closed_at is null or closed_at >= open_at)
        and (pipeline_uuid, objective, opened_at) not in (
          select pipeline_uuid, objective, opened_at from of_week
          union all select pipeline_uuid, objective, opened_at from ${asRows(incidentsBefore)})
    ),
    dissolved as (
      delete from runledger.incidents as known using untold
      where agreement = ${agreement.id}
        and (known.pipeline_uuid, known.objective, known.opened_at)
            = (untold.pipeline_uuid, untold.objective, untold.opened_at)
      returning known.*
    ),
    told as (
      select * from of_week
      union all
      select * from carried
      where exists (select from dissolved
                    where (dissolved.pipeline_uuid, dissolved.objective) = (carried.pipeline_uuid, carried.objective)
                      and dissolved.opened_at < carried.closed_at)
    )
    insert into runledger.incidents as known (agreement, last_week, pipeline_uuid, objective, opened_at, closed_at,
                                              bad_events, first_failed_task_uuid, error_message)
    select ${agreement.id}, coalesce(later.last_week, ${week.id}), told.pipeline_uuid, told.objective, told.opened_at,
           coalesce(told.closed_at, later.closed_at), told.bad_events, told.first_failed_task_uuid, told.error_message
    from told
    left join lateral (select * from dissolved
                       where told.closed_at is null and dissolved.closed_at >= ${week.end}
                         and (dissolved.pipeline_uuid, dissolved.objective) = (told.pipeline_uuid, told.objective)
                       order by last_week desc nulls last limit 1) later on true
    on conflict on constraint incidents_pkey do update
    set last_week = excluded.last_week,
        closed_at = excluded.closed_at,
        bad_events = excluded.bad_events,
        first_failed_task_uuid = excluded.first_failed_task_uuid,
        error_message = excluded.error_message
    where excluded.closed_at is not null
       or known.last_week is null
       or known.last_week <= excluded.last_week`.execute(db);
}

/**
 * Incidents that were closed in a week that nobody reported, or before its end when its report did not have the run yet.
 * What a report of this week or a later one says of them stands.
 */
async function closeEarlier(
  { db }: HistoryTransaction,
  { agreement, week, incidentsBefore }: WeeklyReport,
): Promise<void> {
  if (incidentsBefore.length === 0) return;
  await sql`
    update runledger.incidents as known
    set closed_at = earlier.closed_at, bad_events = earlier.bad_events, last_week = ${week.id}
    from (select * from ${asRows(incidentsBefore)}) as earlier
    where known.agreement = ${agreement.id}
      and (known.pipeline_uuid, known.objective, known.opened_at) = (earlier.pipeline_uuid, earlier.objective, earlier.opened_at)
      and known.closed_at is null
      and (known.last_week is null or known.last_week < ${week.id})`.execute(db);
}

/** Columns as arrays: a week of a failing pipeline has more incidents than a statement may have parameters. */
function asRows(incidents: WeeklyReport["incidentsBefore"]) {
  const all = <T>(value: (incident: WeeklyReport["incidentsBefore"][number]) => T): T[] =>
    incidents.map(value);
  return sql`unnest(
      ${all(({ pipelineUuid }) => pipelineUuid)}::uuid[],
      ${all(({ objective }) => objective)}::text[],
      ${all(({ openedAt }) => isoOf(openedAt))}::timestamptz[],
      ${all(({ closedAt }) => isoOrNull(closedAt))}::timestamptz[],
      ${all(({ badEvents }) => badEvents)}::bigint[],
      ${all(({ firstFailedTaskUuid }) => firstFailedTaskUuid)}::uuid[],
      ${all(({ errorMessage }) => errorMessage)}::text[])
    as incident (pipeline_uuid, objective, opened_at, closed_at, bad_events, first_failed_task_uuid, error_message)`;
}
