import type { HistoryTransaction } from "@runledger/history";
import { sql } from "kysely";
import type { Incident, WeeklyReport } from "../report-model.ts";
import { contains } from "../sla/interval.ts";

/**
 * Brings the incidents of a report up to date for SQL users. Each belongs to the week it opened in; one that late rows
 * have dissolved is no longer there.
 */
export async function storeIncidents(transaction: HistoryTransaction, report: WeeklyReport): Promise<void> {
  await forgetDissolved(transaction, report);
  await tellOf(transaction, report);
}

async function forgetDissolved(
  { db }: HistoryTransaction,
  { agreement, week, incidents }: WeeklyReport,
): Promise<void> {
  const opened = incidents.filter((incident) => contains(week, incident.openedAt));
  await db
    .deleteFrom("incidents")
    .where("agreement", "=", agreement.id)
    .where("opened_at", ">=", week.start)
    .where("opened_at", "<", week.end)
    .where(
      sql<boolean>`(objective, opened_at) not in (
        select * from unnest(${opened.map(({ objective }) => objective)}::text[],
                             ${opened.map(({ openedAt }) => openedAt)}::timestamptz[]))`,
    )
    .execute();
}

/**
 * A report of an earlier week does not know how an incident went on after it, unless it saw it close. Columns as
 * arrays: a week of a failing pipeline has more incidents than a statement may have parameters.
 */
async function tellOf(
  { db }: HistoryTransaction,
  { agreement, week, incidents }: WeeklyReport,
): Promise<void> {
  const all = <T>(value: (incident: Incident) => T): T[] => incidents.map(value);
  await sql`
    insert into runledger.incidents as known (agreement, last_week, pipeline_uuid, objective, opened_at, closed_at,
                                              bad_events, first_failed_task_uuid, error_message)
    select ${agreement.id}, ${week.id}, * from unnest(
      ${all(({ pipelineUuid }) => pipelineUuid)}::uuid[],
      ${all(({ objective }) => objective)}::text[],
      ${all(({ openedAt }) => openedAt)}::timestamptz[],
      ${all(({ closedAt }) => closedAt)}::timestamptz[],
      ${all(({ badEvents }) => badEvents)}::bigint[],
      ${all(({ firstFailedTaskUuid }) => firstFailedTaskUuid)}::uuid[],
      ${all(({ errorMessage }) => errorMessage)}::text[])
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
