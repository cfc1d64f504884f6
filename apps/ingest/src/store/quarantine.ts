import { createHash } from "node:crypto";
import type { HistoryTransaction } from "@runledger/history";
import type { RejectedRow } from "@runledger/ylem-client";

/** Keeps rows that did not parse, each once, with the reason. Returns how many were not there before. */
export async function quarantine(
  { db }: HistoryTransaction,
  pipelineUuid: string,
  rejected: readonly RejectedRow[],
  seenAt: Date,
): Promise<number> {
  if (rejected.length === 0) {
    return 0;
  }
  const rows = new Map(rejected.map((row) => [JSON.stringify(row.row), row.reason]));
  const result = await db
    .insertInto("quarantined_rows")
    .values(
      [...rows].map(([json, reason]) => ({
        pipeline_uuid: pipelineUuid,
        row_sha256: createHash("sha256").update(json).digest(),
        reason,
        row: storableJson(json),
        seen_at: seenAt,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows ?? 0);
}

/** Postgres's jsonb refuses NUL and lone surrogates, which JSON.stringify writes as \uXXXX; they stay readable. */
function storableJson(json: string): string {
  return json.replaceAll(/(?<!\\)((?:\\\\)*)\\u(0000|d[89ab][0-9a-f]{2}|d[c-f][0-9a-f]{2})/gu, "$1\\\\u$2");
}
