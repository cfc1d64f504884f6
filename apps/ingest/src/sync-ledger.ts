import type { History } from "@runledger/history";

export type SyncOutcome = "done" | "partial" | "failed" | "interrupted";

export interface SyncCounts {
  requests: number;
  rowsFetched: number;
  rowsNew: number;
  daysVerified: number;
  daysRepaired: number;
}

/** Opens this command's row in `syncs`. Whoever holds the lock is alone, so older rows that still run are dead. */
export async function openLedgerRow({ db }: History, command: string, startedAt: Date): Promise<number> {
  await db
    .updateTable("syncs")
    .set({ outcome: "interrupted", error: "ended without a word: killed, or the machine went down" })
    .where("outcome", "=", "running")
    .execute();
  const row = await db
    .insertInto("syncs")
    .values({ command, started_at: startedAt })
    .returning("sync_id")
    .executeTakeFirstOrThrow();
  return row.sync_id;
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
