import { isAliveSql, type History, type SyncOutcome } from "@runledger/history";
import { sql } from "kysely";

export interface SyncCounts {
  requests: number;
  rowsFetched: number;
  rowsNew: number;
  daysVerified: number;
  daysRepaired: number;
}

/** Opens this command's row in `syncs`, and closes those of processes that do not live any more. */
export async function openLedgerRow(
  { db }: History,
  { command, startedAt, processUuid }: { command: string; startedAt: Date; processUuid: string },
): Promise<number> {
  await db
    .updateTable("syncs")
    .set({ outcome: "interrupted", error: "ended without a word: killed, or the machine went down" })
    .where("outcome", "=", "running")
    .where(sql<boolean>`not ${sql.raw(isAliveSql("syncs.process_uuid"))}`)
    .execute();
  const row = await db
    .insertInto("syncs")
    .values({ command, started_at: startedAt, process_uuid: processUuid })
    .returning("sync_id")
    .executeTakeFirstOrThrow();
  return row.sync_id;
}

/** Notes how far the source's clock is from the database's, for those who do not ask the source. */
export async function noteSourceTime(
  { db }: History,
  syncId: number,
  sourceTime: Date | null,
): Promise<void> {
  await db
    .updateTable("syncs")
    .set({
      source_ahead_ms: sql`(extract(epoch from ${sourceTime}::timestamptz - clock_timestamp()) * 1000)::bigint`,
    })
    .where("sync_id", "=", syncId)
    .execute();
}

export async function closeLedgerRow(
  { db }: History,
  syncId: number,
  {
    outcome,
    counts,
    error,
    finishedAt,
  }: { outcome: SyncOutcome; counts: SyncCounts; error: string | null; finishedAt: Date },
): Promise<void> {
  await db
    .updateTable("syncs")
    .set({
      outcome,
      error,
      finished_at: finishedAt,
      requests: counts.requests,
      rows_fetched: counts.rowsFetched,
      rows_new: counts.rowsNew,
      days_verified: counts.daysVerified,
      days_repaired: counts.daysRepaired,
    })
    .where("sync_id", "=", syncId)
    .execute();
}
