import type { RunFailure } from "./sla/run.ts";
import { emptyRecord, Runs } from "./sla/runs.ts";
import { toUuid, type UuidWords } from "./sla/uuid-words.ts";

/**
 * What to select of `runs` for `unpackRuns`: each column as one value, its fields in binary form one after the other.
 * A message for every row takes longer, here and in Postgres. Left out is what follows from the rest: the start, which
 * is the finish less what elapsed, and of successful runs all that tells of failed tasks. All values have the rows in
 * the same order, so the failed ones among them are found by their UUIDs.
 */
export const packedColumns = `
  string_agg(uuid_send(run_uuid), ''),
  string_agg(timestamptz_send(finished_at), ''),
  string_agg(float8send(elapsed_ms), ''),
  string_agg(int4send(task_count), ''),
  array_agg(run_uuid) filter (where not is_successful),
  array_agg(failed_task_count) filter (where not is_successful),
  array_agg(first_failed_task_uuid) filter (where not is_successful),
  array_agg(error_message) filter (where not is_successful)`;

/**
 * A pipeline's runs, in the order in which they came, from what `copy (select <packedColumns> …) to stdout (format
 * binary)` gives. Microseconds of times are cut off.
 */
export function unpackRuns(pipelineUuid: string, copied: Buffer): Runs {
  const nextField = fieldsOf(copied);
  const uuid = nextField();
  const finishedAt = nextField();
  const elapsedMs = nextField();
  const taskCount = nextField();
  const failures = failuresOf(nextField(), nextField(), nextField(), nextField());

  const count = uuid.byteLength / 16;
  const runs = new Runs(pipelineUuid, count);
  // One record for all of them: millions of short-lived objects would keep the collector busy.
  const record = emptyRecord();
  let failed = failures.next();
  for (let index = 0; index < count; index += 1) {
    readUuid(uuid, index * 16, record.uuid);
    const finishMicros = microsAt(finishedAt, index * 8);
    record.elapsedMs = elapsedMs.getFloat64(index * 8);
    record.startedAt = toInstant(finishMicros - Math.round(record.elapsedMs * 1000));
    record.finishedAt = toInstant(finishMicros);
    record.taskCount = taskCount.getInt32(index * 4);
    record.failedTaskCount = 0;
    record.failure = null;
    if (failed.value !== undefined && isSame(failed.value.uuid, record.uuid)) {
      record.failedTaskCount = failed.value.failedTaskCount;
      record.failure = failed.value.failure;
      failed = failures.next();
    }
    runs.add(record);
  }
  return runs;
}

/**
 * Gives one field after the other of a binary COPY of one row: a signature, the number of fields, then each field's
 * length and bytes. Null, which stands for no rows, is given as no bytes.
 * https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS
 */
function fieldsOf(copied: Buffer): () => DataView {
  let at = signatureBytes + 2;
  return () => {
    const start = at + 4;
    at = start + Math.max(copied.readInt32BE(at), 0);
    return viewOf(copied.subarray(start, at));
  };
}

interface FailedRun {
  uuid: UuidWords;
  failedTaskCount: number;
  failure: RunFailure;
}

/** The failed runs in their order, from the arrays of what is known of them. */
function* failuresOf(
  uuids: DataView,
  failedTaskCounts: DataView,
  tasks: DataView,
  messages: DataView,
): Generator<FailedRun, undefined> {
  // The same text is kept once: pipelines fail again and again for few reasons.
  const texts = new Map<string, string>();
  const once = (text: string): string => {
    const known = texts.get(text) ?? text;
    texts.set(known, known);
    return known;
  };
  const [counts, taskUuids, errors] = [elementsOf(failedTaskCounts), elementsOf(tasks), elementsOf(messages)];
  for (const uuid of elementsOf(uuids)) {
    const count = counts.next().value;
    const task = taskUuids.next().value;
    const message = errors.next().value;
    yield {
      uuid: uuid ? readUuid(uuid, 0, [0, 0, 0, 0]) : [0, 0, 0, 0],
      failedTaskCount: count?.getInt32(0) ?? 0,
      failure: {
        firstFailedTaskUuid: task ? once(toUuid(readUuid(task, 0, [0, 0, 0, 0]))) : null,
        errorMessage: message ? once(utf8.decode(message)) : null,
      },
    };
  }
}

/** The elements of an array of one dimension in binary form; `null` where they are. */
function* elementsOf(array: DataView): Generator<DataView | null, undefined> {
  let at = arrayHeaderBytes;
  while (at < array.byteLength) {
    const length = array.getInt32(at);
    at += 4;
    yield length === -1 ? null : new DataView(array.buffer, array.byteOffset + at, length);
    at += Math.max(length, 0);
  }
}

function isSame(a: UuidWords, b: UuidWords): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2] && a[3] === b[3];
}

function readUuid(view: DataView, at: number, words: UuidWords): UuidWords {
  words[0] = view.getUint32(at);
  words[1] = view.getUint32(at + 4);
  words[2] = view.getUint32(at + 8);
  words[3] = view.getUint32(at + 12);
  return words;
}

/** Postgres counts microseconds from the year 2000. They are exact up to 2^53, which is the year 2285. */
function microsAt(view: DataView, at: number): number {
  return view.getInt32(at) * 2 ** 32 + view.getUint32(at + 4);
}

function toInstant(micros: number): number {
  return Math.floor(micros / 1000) + epochMs;
}

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

const epochMs = Date.parse("2000-01-01T00:00:00Z");
const utf8 = new TextDecoder();

/** The signature, the flags, and the length of an extension that there is not. */
const signatureBytes = 19;

/** Number of dimensions, whether there are nulls, type; the dimension's size and its first index. */
const arrayHeaderBytes = 20;
