import type { Agreement, Exclusion } from "@runledger/config";
import { createTestHistory } from "@runledger/history/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type RevisionCause,
  type Run,
  type WeeklyReport,
  makeReport,
  microsOf,
  trendWeeks,
  weekOf,
} from "@runledger/sla";
import { storeRevision } from "../src/store/revision.ts";
import { writeWorkbook } from "@runledger/workbook";
import {
  billing,
  failedRun,
  objective,
  orders,
  run,
  scoreAgreement,
} from "@runledger/sla/testing/sla-fixture";
import { read } from "@runledger/workbook/testing";

const week = weekOf("2026-W12", "Europe/Berlin");
const [first = week] = trendWeeks(week);
const asOf = new Date("2026-03-24T06:00:00Z");
const hourMs = 3_600_000;
const graceMs = hourMs;

/** All that may change between two reports of the week. */
interface State {
  runs: readonly Run[];
  exclusions: readonly Exclusion[];
  disputedDays: readonly string[];
  percent: number;
  title: string;
  pipelineName: string;
  /** What the time-zone database says, and what it makes of a figure; the same for the code. */
  zone: number;
  code: number;
}

/** Draws a number below `count` for an edit that has a choice. */
type Edit = (state: State, pick: (count: number) => number) => State;

const edits: Record<string, Edit> = {
  "a run comes in late": (state, pick) => ({
    ...state,
    runs: [
      ...state.runs,
      runAt(week.end.getTime() - (pick(15 * 168) - 30) * hourMs + pick(3600) * 1000, pick),
    ],
  }),
  "a run comes in late within the grace after the week": (state, pick) => ({
    ...state,
    runs: [...state.runs, runAt(week.end.getTime() + pick(2 * 3600) * 1000, pick)],
  }),
  "a run came out otherwise": (state, pick) => {
    const at = pick(state.runs.length);
    return { ...state, runs: state.runs.map((each, index) => (index === at ? otherwise(each) : each)) };
  },
  "an exclusion is entered": (state, pick) => ({
    ...state,
    exclusions: [...state.exclusions, exclusionAt(pick(16 * 168 * 60) - 168 * 60, 1 + pick(3000), "Upgrade")],
  }),
  "an exclusion is entered within another one": (state, pick) => {
    const around = state.exclusions[pick(state.exclusions.length)];
    if (around?.kind !== "once") return state;
    const within = { ...around, from: around.from.replace(/\d$/, "9") };
    return within.from < within.to ? { ...state, exclusions: [...state.exclusions, within] } : state;
  },
  "an exclusion is taken back": (state, pick) => {
    const at = pick(state.exclusions.length);
    return { ...state, exclusions: state.exclusions.filter((_, index) => index !== at) };
  },
  "an exclusion is worded otherwise": (state, pick) => {
    const at = pick(state.exclusions.length);
    const words = { reason: `Reason ${pick(100)}`, approvedBy: `Board ${pick(2)}` };
    return {
      ...state,
      exclusions: state.exclusions.map((each, index) => (index === at ? { ...each, ...words } : each)),
    };
  },
  "a day is in dispute, or proven again": (state, pick) => {
    const day = new Date(week.end.getTime() - (pick(20) - 2) * 24 * hourMs).toISOString().slice(0, 10);
    const rest = state.disputedDays.filter((each) => each !== day);
    return {
      ...state,
      disputedDays: rest.length === state.disputedDays.length ? [...rest, day].toSorted() : rest,
    };
  },
  "the definition is restated": (state, pick) => ({ ...state, percent: 90 + pick(9) }),
  "a name is changed": (state, pick) => ({
    ...state,
    title: `Finance ${pick(5)}`,
    pipelineName: `orders ${pick(5)}`,
  }),
  "the time-zone database is another": (state) => ({ ...state, zone: state.zone + 1 }),
  "the code is another": (state) => ({ ...state, code: state.code + 1 }),
};

let uuids = 0;

const start: State = {
  runs: Array.from({ length: 14 * 14 }, (_, index) =>
    [orders, billing].map(({ uuid: pipelineUuid }) =>
      run(new Date(week.end.getTime() - (index * 12 + 1) * hourMs).toISOString(), {
        pipelineUuid,
        runUuid: nextUuid(),
      }),
    ),
  ).flat(),
  exclusions: [exclusionAt(3 * 24 * 60, 600, "Maintenance"), exclusionAt(20 * 24 * 60, 600, "Maintenance")],
  disputedDays: [],
  percent: 98,
  title: "Finance",
  pipelineName: "orders",
  zone: 0,
  code: 0,
};

test("names the inputs that were changed and no other, and makes no revision where nothing printed changed", async () => {
  await using history = await createTestHistory();
  let agreements = 0;
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.array(
          fc.record({
            edit: fc.constantFrom(...Object.keys(edits)),
            picks: fc.array(fc.nat(), { minLength: 4, maxLength: 4 }),
          }),
          { maxLength: 3 },
        ),
        { minLength: 3, maxLength: 5 },
      ),
      async (steps) => {
        agreements += 1;
        const id = `agreement-${agreements}`;
        let [reported, now] = [start, start];
        let revision = 1;
        await storeRevision(history, reportOf(id, start), true);
        for (const step of steps) {
          for (const { edit, picks } of step) now = edits[edit]?.(now, picker(picks)) ?? now;
          const stored = await storeRevision(history, reportOf(id, now), true);
          const expected = await expectedCauses(reported, now);
          if (expected !== null) revision += 1;
          expect([stored.revision, [...stored.causes].toSorted()]).toEqual([
            revision,
            expected?.toSorted() ?? [...stored.causes].toSorted(),
          ]);
          if (expected !== null) reported = now;
          for (const cause of expected ?? []) seen.add(cause);
        }
      },
    ),
    { numRuns: 10, endOnFailure: true },
  );
  expect(seen.size).toBeGreaterThan(2);
});

const daysAgo = (days: number) => new Date(week.end.getTime() - days * 24 * hourMs);
const allFailed = {
  ...start,
  runs: start.runs.map((each) => ({ ...each, isSuccessful: false, failedTaskCount: 1 })),
};

test.each<[RevisionCause, Partial<State>]>([
  [
    "late_rows",
    { runs: [...allFailed.runs, failedRun(daysAgo(210).toISOString(), { runUuid: nextUuid() })] },
  ],
  ["exclusions", { exclusions: [...start.exclusions, exclusionAt(98 * 24 * 60, 24 * 60, "Upgrade")] }],
  ["coverage", { disputedDays: ["2025-01-01"] }],
])("names what moved the beginning of an incident, long before the 13 weeks: %s", async (cause, changes) => {
  await using history = await createTestHistory();
  await storeRevision(history, reportOf("finance", allFailed), true);
  const { revision, causes } = await storeRevision(
    history,
    reportOf("finance", { ...allFailed, ...changes }),
    true,
  );
  expect([revision, causes]).toEqual([2, [cause]]);
});

/** `null` where the later report prints the same; worked out from the cells of the workbooks and from the states. */
async function expectedCauses(before: State, now: State): Promise<RevisionCause[] | null> {
  const [printed, printedNow] = [await printedCells(before), await printedCells(now)];
  const differs = (part: (state: State) => unknown) =>
    JSON.stringify(part(before)) !== JSON.stringify(part(now));
  const areFiguresOther = printed.figures !== printedNow.figures;
  const areExclusionsReworded = Array.from(printed.words).some(([span, rows]) => {
    const rowsNow = printedNow.words.get(span);
    return rowsNow?.length === rows.length && rowsNow.toSorted().join() !== rows.toSorted().join();
  });
  if (!areFiguresOther && !areExclusionsReworded) return null;
  const ofFigures = [
    differs(({ percent }) => percent) && ("definition" as const),
    differs((state) =>
      state.exclusions.filter(reachesIn).map((each) => each.kind === "once" && [each.from, each.to]),
    ) && ("exclusions" as const),
    differs(historyIn) && ("late_rows" as const),
    differs((state) => state.disputedDays.filter(isLookedAt)) && ("coverage" as const),
    differs(({ zone }) => zone) && ("time_zones" as const),
  ].filter((cause) => cause !== false);
  const causes = areFiguresOther ? (ofFigures.length > 0 ? ofFigures : ["software" as const]) : [];
  const isReworded = areExclusionsReworded || differs(({ title, pipelineName }) => [title, pipelineName]);
  return [...causes, ...(isReworded ? ["wording" as const] : [])];
}

/**
 * What a report prints, as a reader of workbooks finds it: names, for which no revision is made, are the same. Why a run
 * does not count is an exclusion's reason.
 */
async function printedCells(state: State): Promise<{ figures: string; words: Map<string, string[]> }> {
  const sheets = await read(await writeWorkbook(reportOf("any", { ...state, title: "", pipelineName: "" })));
  const { Method: method = [], Exclusions: exclusions = [], ...others } = sheets;
  const [header = []] = exclusions;
  const spans = exclusions.slice(1).map((row) => ["From", "To"].map((name) => row[header.indexOf(name)]));
  const figures = Object.entries(others).map(([sheet, [head = [], ...rows]]) => [
    sheet,
    rows.map((row) => row.filter((_, index) => head[index] !== "Why not")),
  ]);
  const notes = method.filter(([about]) => about === "Data note");
  const words = new Map<string, string[]>();
  for (const [index, row] of exclusions.slice(1).entries()) {
    const span = JSON.stringify(spans[index]);
    words.set(span, [...(words.get(span) ?? []), JSON.stringify(row)]);
  }
  return { figures: JSON.stringify([figures, notes, spans]), words };
}

function reportOf(id: string, state: State): WeeklyReport {
  const pipeline = { ...orders, name: state.pipelineName };
  const target = { numerator: state.percent, denominator: 100 };
  const on = { kind: "daily" as const };
  const agreement: Agreement = {
    id,
    title: state.title,
    customer: "Controlling",
    timezone: week.timezone,
    language: "en-GB",
    effectiveFrom: "2025-01-01",
    calendar: { workdays: [1, 2, 3, 4, 5], holidays: null },
    exclusions: [...state.exclusions],
    objectives: [
      objective({ kind: "success" }, { pipeline, target }),
      objective({ kind: "duration", atMostMs: 500_000, failed: "count" }, { pipeline, target }),
      objective({ kind: "deadline", by: "23:30", opens: "01:00", graceMs, on }, { pipeline, target }),
      objective({ kind: "freshness", maxAgeMs: 15 * hourMs }, { pipeline: billing, target }),
      objective({ kind: "volume", per: "day", atLeast: 2, on }, { pipeline: billing, target }),
    ],
    report: { to: [], cc: [], failuresTo: [], contact: null, settleMs: 0, unsubscribeUrl: null },
  };
  const coverage = {
    historyStart: new Date("2025-01-01T00:00:00Z"),
    syncedThrough: new Map([orders, billing].map(({ uuid }) => [uuid, asOf])),
    disputedDays: new Map([[orders.uuid, state.disputedDays]]),
  };
  const score = scoreAgreement({
    agreement,
    week,
    asOf,
    coverage,
    runsOf: Map.groupBy(state.runs, (each) => each.pipelineUuid),
    latestSuccessBefore: new Map(),
    taskNames: new Map(),
  });
  const report = makeReport({
    agreement,
    definitionHash: String(state.percent),
    week,
    asOf,
    coverage,
    quarantinedRows: new Map(),
    score,
    softwareVersion: String(state.code),
    timeZoneDatabase: String(state.zone),
  });
  const [counted, ...others] = report.objectives;
  if (counted === undefined) throw new Error("the agreement has objectives");
  // Stands for whatever another database or other code makes of the same data.
  const excluded = counted.excluded + 10 * state.zone + 1000 * state.code;
  return {
    ...report,
    objectives: [
      { ...counted, excluded, raw: { ...counted.raw, total: counted.raw.total + excluded } },
      ...others,
    ],
    inputs: { ...report.inputs, zone: `${report.inputs.zone} ${state.zone}` },
  };
}

/**
 * Of the runs what may decide a figure. None of `orders` is quick enough, so that one incident goes back through all of
 * them; of `billing` something was good in the week before the 13.
 */
function historyIn(state: State) {
  return [orders, billing].map(({ uuid }) => [
    state.runs
      .filter(({ pipelineUuid, finishedAt }) => {
        const through = microsOf(new Date(week.end.getTime() + (uuid === orders.uuid ? lastGraceMs : -1)));
        const from = uuid === orders.uuid ? 0 : microsOf(first.start) - 7 * 24 * hourMs * 1000;
        return pipelineUuid === uuid && finishedAt >= from && finishedAt <= through;
      })
      .map(({ runUuid, isSuccessful }) => `${runUuid} ${isSuccessful}`)
      .toSorted(),
  ]);
}

/** The grace of Sunday's deadline, by 23:30, goes on for half an hour. */
const lastGraceMs = hourMs / 2;

function reachesIn(exclusion: Exclusion): boolean {
  if (exclusion.kind !== "once") return true;
  const at = (local: string) => new Date(`${local}:00+01:00`);
  return at(exclusion.from) < week.end;
}

function isLookedAt(day: string): boolean {
  const from = Date.parse(day);
  return from < week.end.getTime() + lastGraceMs && from + 24 * hourMs > first.start.getTime();
}

/** So many minutes before the week's end, in winter time. */
function exclusionAt(minutesAgo: number, minutes: number, reason: string): Exclusion {
  const from = week.end.getTime() - minutesAgo * 60_000;
  const local = (at: number) => new Date(at + hourMs).toISOString().slice(0, 16);
  return { kind: "once", from: local(from), to: local(from + minutes * 60_000), reason, approvedBy: null };
}

function runAt(at: number, pick: (count: number) => number): Run {
  const changes = { pipelineUuid: pick(2) === 0 ? orders.uuid : billing.uuid, runUuid: nextUuid() };
  const finish = new Date(at).toISOString();
  return pick(2) === 0 ? run(finish, changes) : failedRun(finish, changes);
}

function otherwise(each: Run): Run {
  return each.isSuccessful
    ? { ...each, isSuccessful: false, failedTaskCount: 1, errorMessage: "late" }
    : { ...each, isSuccessful: true, failedTaskCount: 0, firstFailedTaskUuid: null, errorMessage: null };
}

function picker(picks: readonly number[]): (count: number) => number {
  let at = 0;
  return (count) => (count === 0 ? 0 : (picks[at++ % picks.length] ?? 0) % count);
}

function nextUuid(): string {
  uuids += 1;
  return `00000000-0000-4000-8000-${String(uuids).padStart(12, "0")}`;
}
