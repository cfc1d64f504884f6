import { describe, expect, it } from "vitest";
import type { DataNote, Reason, WeeklyReport } from "@runledger/sla";
import { fixtureReport, objective } from "@runledger/sla/testing/fixture-report";
import { contentHashLike, contentHashOf, notHashed } from "../src/store/content-hash.ts";

const reasons: readonly Reason[] = [
  { kind: "counted", bad: 1, total: 168, allowedBad: 3 },
  { kind: "nothing", excluded: 2 },
  { kind: "too_few", total: 3, needed: 4 },
  { kind: "not_in_force", from: "2026-03-20" },
  {
    kind: "in_doubt",
    verdict: "missed",
    days: ["2026-03-18"],
    runs: 1,
    rows: 2,
    best: { bad: 1, total: 4 },
    worst: { bad: 2, total: 5 },
  },
  { kind: "starts_late", start: "2026-03-18T00:00:00.000Z" },
  { kind: "synced_through", through: "2026-03-18T00:00:00.000Z" },
  { kind: "disputed", days: ["2026-03-18"], unseen: { runs: 1, rows: null } },
];

const gaps: readonly DataNote[] = [
  { pipeline: "orders-to-warehouse", kind: "never_synced" },
  { pipeline: "orders-to-warehouse", kind: "synced_through", through: "2026-03-18T00:00:00.000Z" },
  { pipeline: "orders-to-warehouse", kind: "disputed", days: ["2026-03-18"], unseen: { runs: 1, rows: 2 } },
];

/** With something in every list, and of every kind of reason and measure. */
const full = fixtureReport({
  objectives: [
    ...fixtureReport().objectives,
    ...reasons.map((reason, index) =>
      objective({
        id: `reason-${index}`,
        reason,
        recovery: { closedIncidents: 2, meanTimeToRecoverMs: 5, meanTimeBetweenFailuresMs: 6 },
      }),
    ),
    objective({ id: "enough-days", terms: { kind: "volume", atLeast: 2, days: ["2026-03-18"] } }),
  ],
  incidentsBefore: fixtureReport().incidents,
  freshnessGaps: [{ objective: "fresh", from: 1, to: 3, limitMs: 4, breachMs: 5 }],
  notes: gaps,
  holidayGaps: [{ kind: "ended", file: "de.ics", last: "2023-12-26" }],
  changes: [{ objective: "fast", figure: "good", before: 5, now: 4 }],
  causes: ["late_rows"],
  inputs: {
    excluded: "a",
    runs: { "7b1c0f7e-0000-4000-8000-000000000001": "b" },
    history: { "7b1c0f7e-0000-4000-8000-000000000001": "c" },
    known: { "7b1c0f7e-0000-4000-8000-000000000001": "d" },
    seen: { "7b1c0f7e-0000-4000-8000-000000000001": "e" },
    zone: "f",
    earlier: {},
  },
});

interface Change {
  /** Without the places in lists. */
  path: string;
  change: string;
  value: unknown;
}

/** A value with one thing in it changed, for each thing that can be: a leaf reads otherwise, a list lacks an item. */
function* changesOf(value: unknown, path = ""): Generator<Change> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      yield { path, change: `without ${index}`, value: value.toSpliced(index, 1) };
      for (const each of changesOf(item, path)) yield { ...each, value: value.with(index, each.value) };
    }
  } else if (typeof value === "object" && value !== null && !(value instanceof Date)) {
    for (const [key, field] of Object.entries(value)) {
      for (const each of changesOf(field, path === "" ? key : `${path}.${key}`)) {
        yield { ...each, value: { ...value, [key]: each.value } };
      }
    }
  } else {
    yield { path, change: "otherwise", value: otherwise(value) };
  }
}

function otherwise(leaf: unknown): unknown {
  if (leaf instanceof Date) return new Date(leaf.getTime() + 1);
  if (typeof leaf === "boolean") return !leaf;
  return typeof leaf === "number" ? leaf + 1 : `${String(leaf)} otherwise`;
}

function hashOf(changed: unknown): string {
  // It is a report that is changed in one place.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return contentHashOf(changed as WeeklyReport);
}

/** `runs` are told by their hashes: changing an item of the list changes none of these. */
const exceptions = [...Object.keys(notHashed), "runs"];
const isException = (path: string) =>
  !path.startsWith("inputs.runs.") &&
  exceptions.some((exception) => path === exception || path.startsWith(`${exception}.`));

describe("the hash of what a report prints", () => {
  const changes = Array.from(changesOf(full));

  it("changes with everything that is no named exception", () => {
    const hash = contentHashOf(full);
    const missed = changes.filter(({ path, value }) => !isException(path) && hashOf(value) === hash);
    expect(missed.map(({ path, change }) => `${path} ${change}`)).toEqual([]);
    const paths = new Set(changes.map(({ path }) => path));
    expect(printedOnly.filter((path) => isException(path) || !paths.has(path))).toEqual([]);
  });

  it("does not change with a named exception, and each of them is there", () => {
    const hash = contentHashOf(full);
    const seen = new Set<string>();
    for (const { path, value } of changes) {
      if (!isException(path)) continue;
      for (const exception of exceptions) if (`${path}.`.startsWith(`${exception}.`)) seen.add(exception);
      expect([path, hashOf(value)]).toEqual([path, hash]);
    }
    expect(Array.from(seen).toSorted()).toEqual(exceptions.toSorted());
  });

  it("changes with a field that nobody has thought of, wherever it comes to be", () => {
    const [first, ...others] = full.objectives;
    const objectives = [{ ...first, costs: 5 }, ...others];
    const hashes = [full, { ...full, costs: 5 }, { ...full, costs: 6 }, { ...full, objectives }].map(hashOf);
    expect(new Set(hashes).size).toBe(4);
  });

  it("is refused to what JSON would not tell", () => {
    expect(() => hashOf({ ...full, costs: new Map([["fast", 5]]) })).toThrow('"costs" of a report');
    expect(() => hashOf({ ...full, agreement: { costs: () => 5 } })).toThrow('"agreement.costs" of a report');
  });

  it("does not depend on the order in which fields are made", () => {
    const turned = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(turned);
      if (typeof value !== "object" || value === null || value instanceof Date) return value;
      return Object.fromEntries(
        Object.entries(value)
          .toReversed()
          .map(([key, field]) => [key, turned(field)]),
      );
    };
    expect(hashOf(turned(full))).toBe(contentHashOf(full));
  });

  it("does not depend on rows that were set aside since, nor on how a pipeline is called", () => {
    const quarantined: DataNote = { pipeline: "ledger-export", kind: "quarantined", rows: 2 };
    expect(contentHashOf({ ...full, notes: [...gaps, quarantined] })).toBe(contentHashOf(full));
    const renamed: WeeklyReport = {
      ...full,
      objectives: full.objectives.map((each) => ({ ...each, pipelineName: `new ${each.pipelineName}` })),
      notes: gaps.map((note) => ({ ...note, pipeline: `new ${note.pipeline}` })),
    };
    expect(contentHashOf(renamed)).toBe(contentHashOf(full));
    const ofAnother = gaps.map((note) => ({ ...note, pipeline: "ledger-export" }));
    expect(contentHashOf({ ...full, notes: ofAnother })).not.toBe(contentHashOf(full));
  });

  it("is compared in the form of the one that is stored", () => {
    const [stored, earlier] = [contentHashOf(full), contentHashLike("0".repeat(64), full)];
    expect(stored).toMatch(/^2:[0-9a-f]{64}$/);
    expect(earlier).toMatch(/^[0-9a-f]{64}$/);
    expect([contentHashLike(stored, full), contentHashLike(earlier, full)]).toEqual([stored, earlier]);
  });
});

/** What was printed and not hashed before there was one hash of everything. */
const printedOnly = [
  "objectives.recovery.meanTimeToRecoverMs",
  "objectives.recovery.meanTimeBetweenFailuresMs",
  "objectives.reason.needed",
  "deadlines.opensAt",
  "deadlines.lateByMs",
  "incidents.inWeekMs",
  "notes.days",
];
