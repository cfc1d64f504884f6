import { type RunColumns, type RunFailure, Runs, toUuid, uuidBytes } from "@runledger/sla";

/**
 * Selects the runs of pipelines for `unpackedRuns`, a row for each pipeline: each column as one value, its fields in
 * binary form one after the other. A message for every run takes longer, here and in Postgres. Left out is what follows
 * from the rest: the start, which is the finish less what elapsed. What all runs have is read from an index; what
 * failed, of the failed ones, from the table. All parts of a row are of one snapshot.
 */
export function packedRuns({ pipelineUuids, from, through }: RunsWanted): string {
  const inOrder = `pipeline_uuid = pipeline.uuid and finished_at between ${from} and ${through} order by finished_at, run_uuid`;
  return `
    select uuid_send(pipeline.uuid), all_runs.*, failed_runs.*
    from unnest(${pipelineUuids}::uuid[]) as pipeline (uuid)
    cross join lateral (
      select string_agg(uuid_send(run_uuid), null), string_agg(timestamptz_send(finished_at), null),
             string_agg(float8send(elapsed_ms), null), string_agg(int4send(task_count), null)
      from (select * from runledger.runs where ${inOrder}) as runs
    ) as all_runs
    cross join lateral (
      select string_agg(uuid_send(run_uuid), null), string_agg(int4send(failed_task_count), null),
             array_agg(first_failed_task_uuid), array_agg(error_message)
      from (select * from runledger.runs where not is_successful and ${inOrder}) as runs
    ) as failed_runs`;
}

/** SQL literals. */
interface RunsWanted {
  /** A `uuid[]`. */
  pipelineUuids: string;
  /** Finishes, both included. */
  from: string;
  through: string;
}

/** The runs of each pipeline from what `copy (<packedRuns>) to stdout (format binary)` sends. */
export async function* unpackedRuns(copied: AsyncIterable<Buffer>): AsyncGenerator<Runs> {
  for await (const row of rowsOf(copied)) yield unpackRuns(row);
}

function unpackRuns(row: Buffer): Runs {
  const nextField = fieldsOf(row);
  const pipelineUuid = toUuid(bytesOf(nextField()));
  const uuids = nextField();
  const columns = columnsOf(uuids, nextField(), nextField(), nextField());
  markFailed(columns.failureOf, uuids, nextField());
  return Runs.of(pipelineUuid, columns, failuresOf(nextField(), nextField(), nextField()));
}

/**
 * Puts the rows of a binary COPY together from the pieces in which they come: first a signature, last −1 in place of a
 * row's number of fields. A row is good until the next one is asked for.
 * https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS
 */
async function* rowsOf(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held = Buffer.alloc(0);
  let start = signatureBytes;
  let end = 0;
  for await (const piece of pieces) {
    if (end + piece.length > held.length) {
      held = Buffer.concat([held.subarray(0, end)], 2 * (end + piece.length));
    }
    end += piece.copy(held, end);
    let row = rowIn(held.subarray(start, end));
    while (row !== null) {
      yield row;
      start += row.length;
      row = rowIn(held.subarray(start, end));
    }
    const done = Math.min(start, end);
    if (done > 0) held.copyWithin(0, done, end);
    start -= done;
    end -= done;
  }
}

/** The row at the beginning of what has come so far; `null` while it is not whole. */
function rowIn(copied: Buffer): Buffer | null {
  if (copied.length < 2) return null;
  const fields = copied.readInt16BE(0);
  let at = 2;
  for (let field = 0; field < fields; field += 1) {
    if (at + 4 > copied.length) return null;
    at += 4 + Math.max(copied.readInt32BE(at), 0);
  }
  return fields === -1 || at > copied.length ? null : copied.subarray(0, at);
}

/**
 * Gives one field of a row after the other: before them their number, before each its length. Null, which stands for
 * no runs, is given as no bytes.
 */
function fieldsOf(row: Buffer): () => DataView {
  let at = 2;
  return () => {
    const start = at + 4;
    at = start + Math.max(row.readInt32BE(at), 0);
    return new DataView(row.buffer, row.byteOffset + start, at - start);
  };
}

function columnsOf(
  uuids: DataView,
  finishes: DataView,
  elapsedMs: DataView,
  taskCount: DataView,
): RunColumns {
  const count = uuids.byteLength / uuidBytes;
  const columns = {
    uuids: bytesOf(uuids).slice(),
    finishedAt: new Float64Array(count),
    elapsedMs: new Float64Array(count),
    taskCounts: new Uint32Array(count),
    failureOf: new Uint32Array(count),
  };
  for (let index = 0; index < count; index += 1) {
    columns.finishedAt[index] = microsAt(finishes, index * 8);
    columns.elapsedMs[index] = elapsedMs.getFloat64(index * 8);
    columns.taskCounts[index] = taskCount.getUint32(index * 4);
  }
  return columns;
}

/** Notes the places of the failed among all runs: of one snapshot and in the same order, so each is found. */
function markFailed(failureOf: Uint32Array, uuids: DataView, failedUuids: DataView): void {
  let at = 0;
  for (let failed = 0; failed < failedUuids.byteLength; failed += uuidBytes) {
    while (!isSameUuid(uuids, at, failedUuids, failed)) at += uuidBytes;
    failureOf[at / uuidBytes] = failed / uuidBytes + 1;
  }
}

function isSameUuid(a: DataView, atA: number, b: DataView, atB: number): boolean {
  return (
    a.getInt32(atA) === b.getInt32(atB) &&
    a.getInt32(atA + 4) === b.getInt32(atB + 4) &&
    a.getInt32(atA + 8) === b.getInt32(atB + 8) &&
    a.getInt32(atA + 12) === b.getInt32(atB + 12)
  );
}

/** What failed, in the order of the failed runs. */
function failuresOf(failedTaskCounts: DataView, taskUuids: DataView, messages: DataView): RunFailure[] {
  const tasks = textsOf(taskUuids, toUuid);
  const errors = textsOf(messages, (bytes, from, to) => bytes.toString("utf8", from, to));
  return tasks.map((firstFailedTaskUuid, index) => ({
    failedTaskCount: failedTaskCounts.getInt32(index * 4),
    firstFailedTaskUuid,
    errorMessage: errors[index] ?? null,
  }));
}

/**
 * The elements of an array of one dimension in binary form, read as texts; `null` where they are. What says the same as
 * the one before it is not read again: pipelines fail again and again for few reasons.
 */
function textsOf(
  array: DataView,
  toText: (bytes: Buffer, from: number, to: number) => string,
): (string | null)[] {
  const bytes = Buffer.from(array.buffer, array.byteOffset, array.byteLength);
  const texts: (string | null)[] = [];
  let latest = { from: 0, to: 0, text: "" };
  let at = arrayHeaderBytes;
  while (at < bytes.length) {
    const length = bytes.readInt32BE(at);
    const from = at + 4;
    at = from + Math.max(length, 0);
    if (length !== -1 && bytes.compare(bytes, from, at, latest.from, latest.to) !== 0) {
      latest = { from, to: at, text: toText(bytes, from, at) };
    }
    texts.push(length === -1 ? null : latest.text);
  }
  return texts;
}

function bytesOf({ buffer, byteOffset, byteLength }: DataView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Postgres counts microseconds from the year 2000. They are exact up to 2^53, which is the year 2255. */
function microsAt(view: DataView, at: number): number {
  return view.getInt32(at) * 2 ** 32 + view.getUint32(at + 4) + epochMicros;
}

const epochMicros = Date.parse("2000-01-01T00:00:00Z") * 1000;

/** The signature, the flags, and the length of an extension that there is not. */
const signatureBytes = 19;

/** Number of dimensions, whether there are nulls, type; the dimension's size and its first index. */
const arrayHeaderBytes = 20;
