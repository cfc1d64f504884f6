import { createHash } from "node:crypto";
import type { HistoryTransaction } from "@runledger/history";
import type { RejectedRow } from "@runledger/ylem-client";

/** Keeps rows that did not parse, each once, with the reason. Returns how many were not there before. */
export async function quarantine(
  { client }: HistoryTransaction,
  pipelineUuid: string,
  rejected: readonly RejectedRow[],
  seenAt: Date,
): Promise<number> {
  if (rejected.length === 0) {
    return 0;
  }
  const rows = [...new Map(rejected.map(({ row, reason }) => [toJson(row), reason]))];
  let added = 0;
  for (const batch of chunked(rows, ROWS_AT_ONCE)) {
    // Columns as arrays: a statement may have 65,535 parameters, and an answer more rows than that.
    const { rowCount } = await client.query(
      `insert into runledger.quarantined_rows (pipeline_uuid, seen_at, row_sha256, reason, row)
       select $1, $2, sha256, reason, json::jsonb from unnest($3::bytea[], $4::text[], $5::text[]) r (sha256, reason, json)
       on conflict do nothing`,
      [
        pipelineUuid,
        seenAt,
        batch.map(([json]) => createHash("sha256").update(json).digest()),
        batch.map(([, reason]) => reason),
        batch.map(([json]) => storableJson(json)),
      ],
    );
    added += rowCount ?? 0;
  }
  return added;
}

const ROWS_AT_ONCE = 5000;

function* chunked<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}

/** Deeper than this Postgres reads no JSON, larger it keeps no value; of neither is more than the beginning of use. */
const DEEPEST = 500;
const LONGEST = 10_000_000;

/** A row as JSON; of one that is nested too deeply, or too long, what it begins with. */
function toJson(row: unknown): string {
  let json: string;
  try {
    json = JSON.stringify(row);
  } catch {
    return JSON.stringify("(nested too deeply to be kept)");
  }
  const isKeepable = json.length <= LONGEST && depthOf(json) <= DEEPEST;
  return isKeepable ? json : JSON.stringify({ begins: json.slice(0, 1000), characters: json.length });
}

/** At least as deep as the JSON is nested: brackets in texts count, too. */
function depthOf(json: string): number {
  let [depth, deepest] = [0, 0];
  for (const [bracket] of json.matchAll(/[[\]{}]/gu)) {
    depth += bracket === "[" || bracket === "{" ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

/** Postgres's jsonb refuses NUL and lone surrogates, which JSON.stringify writes as \uXXXX; they stay readable. */
function storableJson(json: string): string {
  return json.replaceAll(/(?<!\\)((?:\\\\)*)\\u(0000|d[89ab][0-9a-f]{2}|d[c-f][0-9a-f]{2})/gu, "$1\\\\u$2");
}
