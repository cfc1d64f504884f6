import type { HistoryTransaction } from "@runledger/history";
import { sql } from "kysely";
import { copyTaskRuns } from "./copy-task-runs.ts";
import type { StoredTaskRun } from "./stored-task-run.ts";

export interface StoreResult {
  /** Rows that were not stored before. */
  newRows: number;
  /** Runs with a new or changed row. */
  touchedRuns: string[];
  /** Earliest and latest `executed_at` of new rows; null when there are none. */
  newFrom: string | null;
  newTo: string | null;
}

/**
 * Stores the rows of one answer of the run log. What is stored already stays as it is, whatever was pulled
 * before and in whatever order: pulling twice changes nothing.
 *
 * Rows that can have no stored twin go straight into the table with COPY. The rest is merged: rows at times that
 * are stored already, and rows of `for_each` tasks, which share run, task and time and are told apart by ordinal.
 */
export async function storeTaskRuns(
  transaction: HistoryTransaction,
  pipelineUuid: string,
  rows: readonly StoredTaskRun[],
): Promise<StoreResult> {
  const { surelyNew, others } = await partition(transaction, pipelineUuid, rows);
  if (surelyNew.length > 0) {
    await copyTaskRuns(transaction, "runledger.task_runs", pipelineUuid, surelyNew);
  }
  const merged = others.length > 0 ? await merge(transaction, pipelineUuid, others) : [];
  const inserted = merged.filter((row) => row.is_new);
  const newTimes = [
    ...surelyNew.map((row) => row.executedAt),
    ...inserted.map((row) => row.executed_at),
  ].toSorted();
  return {
    newRows: newTimes.length,
    touchedRuns: [...new Set([...surelyNew.map((row) => row.runUuid), ...merged.map((row) => row.run_uuid)])],
    newFrom: newTimes.at(0) ?? null,
    newTo: newTimes.at(-1) ?? null,
  };
}

/** A row is surely new when it is later than all stored ones in the rows' own range, and alone at its identity. */
async function partition(
  { client }: HistoryTransaction,
  pipelineUuid: string,
  rows: readonly StoredTaskRun[],
): Promise<{ surelyNew: StoredTaskRun[]; others: StoredTaskRun[] }> {
  const times = rows.map((row) => row.executedAt);
  const { rows: found } = await client.query<{ latest: string | null }>(
    `select ${asText("max(executed_at)")} as latest from runledger.task_runs
     where pipeline_uuid = $1 and executed_at between $2 and $3`,
    [pipelineUuid, ...rangeOf(times)],
  );
  const latest = found[0]?.latest ?? "";
  const timesSeen = countBy(rows, identityOf);
  const isSurelyNew = (row: StoredTaskRun): boolean =>
    row.executedAt > latest && timesSeen.get(identityOf(row)) === 1;
  return { surelyNew: rows.filter(isSurelyNew), others: rows.filter((row) => !isSurelyNew(row)) };
}

interface MergedRow {
  run_uuid: string;
  executed_at: string;
  is_new: boolean;
}

/**
 * Unites the incoming rows with the stored ones of the same identities, as multisets: of rows alike in all facts
 * there are afterwards as many as the fuller side had. Ordinals follow from the rows themselves, so they do not
 * depend on the order of arrival. Returns the rows that were written.
 */
async function merge(
  transaction: HistoryTransaction,
  pipelineUuid: string,
  rows: readonly StoredTaskRun[],
): Promise<MergedRow[]> {
  const { client, db } = transaction;
  // It has no key, so it holds rows that are alike; it lasts as long as the connection and empties at commit.
  await client.query(
    `create temporary table if not exists incoming_task_runs (like runledger.task_runs) on commit delete rows`,
  );
  await client.query("truncate incoming_task_runs");
  await copyTaskRuns(transaction, "incoming_task_runs", pipelineUuid, rows);
  const { rows: written } = await MERGE.execute(db);
  return written;
}

const IDENTITY = "pipeline_uuid, run_uuid, task_uuid, executed_at";
/** What the source says of a row; outputs are kept or not as configured, so they are no part of it. */
const FACTS = "is_successful, duration_ms, metric_value, task_type";

const MERGE = sql.raw<MergedRow>(`
  with
    stored as (
      select t.*, row_number() over (partition by ${prefixed("t", IDENTITY)}, ${prefixed("t", FACTS)}
                                     order by t.output, t.ordinal) as copy
      from runledger.task_runs t
      where (${prefixed("t", IDENTITY)}) in (select ${IDENTITY} from incoming_task_runs)
    ),
    incoming as (
      select i.*, row_number() over (partition by ${IDENTITY}, ${FACTS} order by output) as copy
      from incoming_task_runs i
    ),
    -- Where both sides have a copy the incoming one counts, unless its output was dropped and a stored one is kept.
    united as (
      select distinct on (${IDENTITY}, ${FACTS}, copy) *
      from (select 1 as side, * from incoming union all select 2, * from stored) both_sides
      order by ${IDENTITY}, ${FACTS}, copy, output_state = 'dropped', side
    ),
    numbered as (
      select ${IDENTITY}, duration_ms, metric_value, is_successful, task_type, output_state, output, error_message,
             row_number() over (partition by ${IDENTITY} order by ${FACTS}, copy) - 1 as ordinal
      from united
    )
  insert into runledger.task_runs as t
    (${IDENTITY}, duration_ms, metric_value, is_successful, task_type, output_state, output, error_message, ordinal)
  select * from numbered
  on conflict (${IDENTITY}, ordinal) do update
    set duration_ms = excluded.duration_ms, metric_value = excluded.metric_value,
        is_successful = excluded.is_successful, task_type = excluded.task_type,
        output_state = excluded.output_state, output = excluded.output, error_message = excluded.error_message
    where (${prefixed("t", FACTS)}, t.output_state, t.output, t.error_message)
      is distinct from (${prefixed("excluded", FACTS)}, excluded.output_state, excluded.output, excluded.error_message)
  -- A row that this statement inserted has no earlier version to have been locked: xmax is 0.
  returning run_uuid, ${asText("executed_at")} as executed_at, xmax = 0 as is_new`);

function prefixed(table: string, columns: string): string {
  return columns
    .split(", ")
    .map((column) => `${table}.${column}`)
    .join(", ");
}

/** A time in the client's fixed-width form, so that it can be compared with incoming ones as text. */
function asText(expression: string): string {
  return `to_char(${expression} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}

function identityOf({ runUuid, taskUuid, executedAt }: StoredTaskRun): string {
  return `${runUuid}${taskUuid}${executedAt}`;
}

function rangeOf(times: readonly string[]): [string, string] {
  let [from, to] = [times[0] ?? "", times[0] ?? ""];
  for (const time of times) {
    from = time < from ? time : from;
    to = time > to ? time : to;
  }
  return [from, to];
}

function countBy<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) {
    const key = keyOf(value);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
