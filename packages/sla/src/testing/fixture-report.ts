import { microsOf, type Micros } from "../calendar/micros.ts";
import type {
  DeadlineDay,
  DurationPoint,
  Incident,
  ObjectiveResult,
  RunEvidence,
  Share,
  TrendPoint,
  WeeklyReport,
} from "../report/weekly-report.ts";
import type { Verdict } from "../report/vocabulary.ts";

/** A week as it happens: one objective missed, one at risk, one without data, two met. */
export function fixtureReport(overrides: Partial<WeeklyReport> = {}): WeeklyReport {
  return {
    agreement: {
      id: "finance-daily-close",
      title: "Finance daily close",
      customer: "Finance Controlling",
      timezone: "Europe/Berlin",
    },
    week: {
      id: "2026-W12",
      timezone: "Europe/Berlin",
      start: new Date("2026-03-15T23:00:00Z"),
      end: new Date("2026-03-22T23:00:00Z"),
      hours: 168,
    },
    revision: 1,
    asOf: new Date("2026-03-23T05:00:00Z"),
    dataThrough: new Date("2026-03-23T04:41:12Z"),
    definitionHash: "5a1f4c0e9d7b3e6288c1d0f4a7b92e35c6d8f1027e4b9a3c5d6e7f8091a2b3c4",
    softwareVersion: "0.1.0",
    timeZoneDatabase: "2026a",
    objectives,
    incidents,
    incidentsBefore: [],
    deadlines,
    freshnessGaps: [],
    runs,
    countedHash: "0".repeat(64),
    trend: trend(),
    durations: durations(),
    exclusions: [
      {
        start: new Date("2026-03-17T03:30:00Z"),
        end: new Date("2026-03-17T05:30:00Z"),
        reason: "Maintenance",
        approvedBy: "change-board",
        kind: "once",
        isRetroactive: false,
      },
    ],
    changes: [],
    causes: [],
    inputs: { excluded: "", runs: {}, history: {}, known: {}, seen: {}, zone: "", earlier: {} },
    holidayGaps: [],
    notes: [
      { pipeline: "orders-to-warehouse", kind: "quarantined", rows: 2 },
      { pipeline: "ledger-export", kind: "disputed", days: ["2026-03-18"] },
    ],
    ...overrides,
  };
}

export function objective(overrides: Partial<ObjectiveResult> = {}): ObjectiveResult {
  return {
    id: "succeeds",
    pipelineUuid: "7b1c0f7e-0000-4000-8000-000000000001",
    pipelineName: "orders-to-warehouse",
    kind: "success",
    definition: { kind: "success" },
    target: { numerator: 98, denominator: 100 },
    share: { good: 167, total: 168 },
    raw: { good: 167, total: 170 },
    excluded: 2,
    allowedBad: 3,
    budgetLeft: 1 - 1 / 168 / 0.02,
    burnRate: 1 / 168 / 0.02,
    fourWeeks: { good: 668, total: 672 },
    previous: { good: 166, total: 168 },
    verdict: "met",
    reason: { kind: "counted", bad: 1, total: 168, allowedBad: 3 },
    recovery: { closedIncidents: 0, meanTimeToRecoverMs: null, meanTimeBetweenFailuresMs: null },
    terms: { kind: "success" },
    ...overrides,
  };
}

const objectives: readonly ObjectiveResult[] = [
  objective(),
  objective({
    id: "fast",
    kind: "duration",
    terms: { kind: "duration", atMostMs: 2_700_000, failed: "count" },
    definition: { kind: "duration", atMostMs: 2_700_000, failed: "count" },
    target: { numerator: 95, denominator: 100 },
    share: { good: 161, total: 168 },
    raw: { good: 161, total: 170 },
    allowedBad: 8,
    budgetLeft: 1 - 7 / 168 / 0.05,
    burnRate: 7 / 168 / 0.05,
    fourWeeks: { good: 655, total: 672 },
    verdict: "at_risk",
    reason: { kind: "counted", bad: 7, total: 168, allowedBad: 8 },
    recovery: {
      closedIncidents: 3,
      meanTimeToRecoverMs: 90 * 60_000,
      meanTimeBetweenFailuresMs: 100 * 3_600_000,
    },
  }),
  objective({
    id: "by-six",
    kind: "deadline",
    terms: { kind: "deadline" },
    definition: { kind: "deadline", by: "06:00", on: { kind: "workdays" }, opens: "00:00", graceMs: 600_000 },
    target: { numerator: 99, denominator: 100 },
    share: { good: 4, total: 5 },
    raw: { good: 4, total: 5 },
    excluded: 0,
    allowedBad: 0,
    budgetLeft: -19,
    burnRate: 20,
    fourWeeks: { good: 19, total: 20 },
    previous: { good: 5, total: 5 },
    verdict: "missed",
    reason: { kind: "counted", bad: 1, total: 5, allowedBad: 0 },
  }),
  objective({
    id: "fresh",
    kind: "freshness",
    terms: { kind: "freshness" },
    definition: { kind: "freshness", maxAgeMs: 93_600_000 },
    target: { numerator: 995, denominator: 1000 },
    share: { good: 604_800, total: 604_800 },
    raw: { good: 604_800, total: 604_800 },
    excluded: 0,
    allowedBad: 3024,
    budgetLeft: 1,
    burnRate: 0,
    fourWeeks: { good: 2_419_200, total: 2_419_200 },
    previous: { good: 604_800, total: 604_800 },
    verdict: "met",
    reason: { kind: "counted", bad: 0, total: 604_800_000, allowedBad: 3_024_000 },
  }),
  objective({
    id: "enough",
    pipelineUuid: "7b1c0f7e-0000-4000-8000-000000000009",
    pipelineName: "ledger-export",
    kind: "volume",
    terms: { kind: "volume", atLeast: 24, days: [] },
    definition: { kind: "volume", per: "day", atLeast: 24, on: { kind: "workdays" } },
    target: { numerator: 100, denominator: 100 },
    share: { good: 0, total: 0 },
    raw: { good: 0, total: 0 },
    excluded: 0,
    allowedBad: 0,
    budgetLeft: null,
    burnRate: null,
    fourWeeks: { good: 15, total: 15 },
    previous: { good: 5, total: 5 },
    verdict: "insufficient_data",
    reason: { kind: "disputed", days: ["2026-03-18"] },
  }),
];

const incidents: readonly Incident[] = [
  {
    objective: "by-six",
    pipelineUuid: "7b1c0f7e-0000-4000-8000-000000000001",
    pipelineName: "orders-to-warehouse",
    openedAt: at("2026-03-18T05:10:00Z"),
    closedAt: at("2026-03-19T04:31:07Z"),
    lastedMs: Date.parse("2026-03-19T04:31:07Z") - Date.parse("2026-03-18T05:10:00Z"),
    inWeekMs: Date.parse("2026-03-19T04:31:07Z") - Date.parse("2026-03-18T05:10:00Z"),
    badEvents: 1,
    firstFailedTaskUuid: "1f0d3b52-0000-4000-8000-000000000002",
    firstFailedTask: "Load orders",
    errorMessage: "=cmd: connection to warehouse refused <timeout> & given up",
  },
  {
    objective: "fast",
    pipelineUuid: "7b1c0f7e-0000-4000-8000-000000000001",
    pipelineName: "orders-to-warehouse",
    openedAt: at("2026-03-22T20:10:00Z"),
    closedAt: null,
    lastedMs: Date.parse("2026-03-22T23:00:00Z") - Date.parse("2026-03-22T20:10:00Z"),
    inWeekMs: Date.parse("2026-03-22T23:00:00Z") - Date.parse("2026-03-22T20:10:00Z"),
    badEvents: 3,
    firstFailedTaskUuid: null,
    firstFailedTask: null,
    errorMessage: null,
  },
];

/** Every workday by 06:10 local; on Wednesday 47 minutes late. */
const deadlines: readonly DeadlineDay[] = Array.from({ length: 5 }, (_, index): DeadlineDay => {
  const date = `2026-03-${16 + index}`;
  const isLate = index === 2;
  return {
    objective: "by-six",
    date,
    opensAt: new Date(Date.parse(`${date}T00:00:00Z`) - 3_600_000),
    dueAt: new Date(`${date}T05:10:00Z`),
    completedAt: at(`${date}T${isLate ? "05:56:40" : "04:31:07"}Z`),
    lateByMs: isLate ? 2_800_000 : null,
    status: isLate ? "late" : "on_time",
    attempts: isLate ? 2 : 1,
    runUuid: `00000000-0000-4000-8000-${String(index * 25).padStart(12, "0")}`,
  };
});

/** A run every 57 minutes: one failed, six slow, and two more failed in excluded time. */
const runs: readonly RunEvidence[] = Array.from({ length: 170 }, (_, index): RunEvidence => {
  const finishedAt = at("2026-03-16T04:12:09.250Z") + index * 57 * 60_000_000;
  const isCounted = index !== 25 && index !== 26;
  const isSuccessful = isCounted && index !== 8;
  const elapsedMs = index % 28 === 27 ? 2_760_000 + index * 1000 : 1_500_000 + (index % 25) * 30_000;
  return {
    runUuid: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
    pipelineUuid: "7b1c0f7e-0000-4000-8000-000000000001",
    pipelineName: "orders-to-warehouse",
    startedAt: finishedAt - elapsedMs * 1000,
    finishedAt,
    elapsedMs,
    isSuccessful,
    taskCount: 4,
    failedTaskCount: isSuccessful ? 0 : 1,
    isCounted,
    whyNot: isCounted ? null : "Maintenance",
    errorMessage: isSuccessful ? null : "connection to warehouse refused",
  };
});

/** How long the runs of the one pipeline took that had any. */
function durations(): DurationPoint[] {
  return weeks.map((week, index) => ({
    week,
    pipelineUuid: "7b1c0f7e-0000-4000-8000-000000000001",
    runs: 168,
    p50Ms: 1_620_000 + ((index * 7) % 5) * 60_000,
    p95Ms: 2_400_000 + ((index * 5) % 7) * 90_000,
  }));
}

const weeks = [
  "2025-W52",
  ...Array.from({ length: 12 }, (_, index) => `2026-W${String(index + 1).padStart(2, "0")}`),
];

/** Thirteen weeks up to the fixture's own; `enough` has a hole and no figure for this week. */
function trend(): TrendPoint[] {
  const series: Record<string, (week: number) => Share> = {
    succeeds: (week) => ({ good: 168 - ((week * 5) % 4), total: 168 }),
    fast: (week) => ({ good: 168 - ((week * 7) % 10), total: 168 }),
    "by-six": (week) => ({ good: week === 12 || week === 4 ? 4 : 5, total: 5 }),
    fresh: (week) => ({ good: week === 7 ? 590_000 : 604_800, total: 604_800 }),
    enough: (week) => ({ good: week === 12 ? 0 : 5, total: week === 12 ? 0 : 5 }),
  };
  return weeks.flatMap((week, index) =>
    objectives
      .filter(({ id }) => !(id === "enough" && index > 4 && index < 8))
      .map(({ id, target }) => {
        const share = (series[id] ?? (() => ({ good: 0, total: 0 })))(index);
        return { week, objective: id, share, verdict: verdictOf(share, target) };
      }),
  );
}

function verdictOf({ good, total }: Share, { numerator, denominator }: ObjectiveResult["target"]): Verdict {
  if (total === 0) return "insufficient_data";
  return good * denominator >= numerator * total ? "met" : "missed";
}

function at(instant: string): Micros {
  return microsOf(new Date(instant));
}
