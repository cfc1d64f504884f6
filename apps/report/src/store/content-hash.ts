import { createHash } from "node:crypto";
import type { WeeklyReport } from "@runledger/sla";
import { contentHashInForm1 } from "./content-hash-form-1.ts";

/**
 * A hash of all that a report prints, but for what `notHashed` names: `2:` and SHA-256 in hex. A field that comes to the
 * report is hashed without anybody thinking of it. So that this alone makes no revision of weeks that are stored, it is
 * a new form: the form before goes on leaving the field out.
 */
export function contentHashOf(report: WeeklyReport): string {
  const hashed = Object.fromEntries(
    Object.entries(standIns).map(([part, standIn]) => [part, standIn(report)] as const),
  );
  const content = JSON.stringify(plain({ ...report, ...hashed }, ""));
  return `2:${createHash("sha256").update(content).digest("hex")}`;
}

/** The hash in the form of one that is stored, to be compared with it. */
export function contentHashLike(stored: string, report: WeeklyReport): string {
  return isInForm1(stored) ? contentHashInForm1(report) : contentHashOf(report);
}

/** Whether a stored hash is of the figures alone that versions up to 0.1.0 looked at. */
export function isInForm1(stored: string): boolean {
  return !stored.includes(":");
}

/** Why it makes no revision when one of these alone reads otherwise. */
export const notHashed = {
  revision: "is given after the hash is compared",
  asOf: "the moment: printed as it was recorded",
  dataThrough: "goes with the moment: printed as it was recorded",
  "notes.through": "goes with the moment, as dataThrough does",
  "objectives.reason.through": "goes with the moment, as dataThrough does",
  softwareVersion: "says who figured, not what: printed as it was recorded",
  timeZoneDatabase: "says by what was figured, not what: printed as it was recorded",
  changes: "follows from the revision before",
  causes: "follows from the revision before",
  "exclusions.isRetroactive": "follows from the first revision",
  "agreement.title": "a name: printed as it was recorded",
  "agreement.customer": "a name: printed as it was recorded",
  "objectives.pipelineName": "a name: printed as it was recorded",
  "incidents.pipelineName": "a name: printed as it was recorded",
  "incidents.firstFailedTask": "a name: printed as it was recorded",
  "exclusions.kind": "is compared with the recorded words",
  "exclusions.reason": "is compared with the recorded words",
  "exclusions.approvedBy": "is compared with the recorded words",
  holidayGaps:
    "tells of files as they are configured; the days are in the definition: printed as it was recorded",
  "durations.runs": "is not printed",
  incidentsBefore: "is not printed",
  inputs: "is not printed; the hash of the week's runs stands for these",
} as const satisfies Partial<Record<PathIn<WeeklyReport>, string>>;

/** What is hashed in the place of a part. */
const standIns = {
  /** There may be millions. Which of them count is in `countedHash`. */
  runs: ({ inputs }) => inputs.runs,
  /**
   * Rows that were set aside are counted up to the moment, whatever week they are of. A pipeline's name may change: its
   * UUID says which it is.
   */
  notes: ({ notes, objectives }) => {
    const uuids = new Map(objectives.map(({ pipelineName, pipelineUuid }) => [pipelineName, pipelineUuid]));
    return notes
      .filter(({ kind }) => kind !== "quarantined")
      .map((note) => ({ ...note, pipeline: uuids.get(note.pipeline) ?? note.pipeline }));
  },
} as const satisfies { [Part in keyof WeeklyReport]?: (report: WeeklyReport) => unknown };

/** Names of fields from the report down, `objectives.reason.kind`; the same for all items of a list. */
type PathIn<Value> = Value extends Date | string | number | boolean | null | undefined
  ? never
  : Value extends Iterable<infer Item>
    ? PathIn<Item>
    : { [Key in keyof Value & string]-?: Key | `${Key}.${PathIn<Value[Key]>}` }[keyof Value & string];

/** What is hashed of a value, as JSON has it: keys in one order, whatever order the code makes them in. */
function plain(value: unknown, path: string): unknown {
  if (value === null || ["string", "number", "boolean"].includes(typeof value)) return value;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => plain(item, path));
  if (typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype) {
    throw new TypeError(
      `"${path}" of a report is neither JSON nor a date: its hash would not tell what it says`,
    );
  }
  const entries = Object.entries(value)
    .map(([key, field]) => ({ key, field, path: path === "" ? key : `${path}.${key}` }))
    .filter((each) => each.field !== undefined && !Object.hasOwn(notHashed, each.path));
  return Object.fromEntries(
    entries
      .toSorted((a, b) => (a.key < b.key ? -1 : 1))
      .map((each) => [each.key, plain(each.field, each.path)]),
  );
}
