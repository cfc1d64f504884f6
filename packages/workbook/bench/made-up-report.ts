import { type RunEvidence, type WeeklyReport, microsOf } from "@runledger/sla";

const week = {
  id: "2026-W12",
  timezone: "Europe/Berlin",
  start: new Date("2026-03-15T23:00:00Z"),
  end: new Date("2026-03-22T23:00:00Z"),
  hours: 168,
};

/** A report on one pipeline with `count` runs, made up one by one as they are gone through. */
export function reportOf(count: number): WeeklyReport {
  return {
    agreement: { id: "bench", title: "Bench", customer: "Bench", timezone: week.timezone },
    week,
    revision: 1,
    asOf: new Date("2026-03-23T05:00:00Z"),
    dataThrough: week.end,
    definitionHash: "0".repeat(64),
    softwareVersion: "0.0.0",
    timeZoneDatabase: "2026a",
    objectives: [],
    incidents: [],
    incidentsBefore: [],
    deadlines: [],
    freshnessGaps: [],
    countedHash: "",
    trend: [],
    durations: [],
    exclusions: [],
    changes: [],
    causes: [],
    holidayGaps: [],
    notes: [],
    inputs: { excluded: "", runs: {}, history: {}, known: {}, seen: {}, zone: "", earlier: {} },
    runs: {
      length: count,
      *[Symbol.iterator]() {
        for (let index = 0; index < count; index += 1) yield madeUpRun(index, index / count);
      },
    },
  };
}

/** A run that finished when this share of the week had passed. */
function madeUpRun(index: number, share: number): RunEvidence {
  const { start, end } = week;
  const finishedAt = microsOf(start) + Math.floor(share * (microsOf(end) - microsOf(start)));
  const elapsedMs = 600_000 + (index % 977) * 1013;
  const isSuccessful = index % 50 !== 7;
  const isCounted = index % 100 !== 9;
  return {
    runUuid: madeUpUuid(index),
    pipelineUuid: "7b1c0f7e-0000-4000-8000-0000000000be",
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
}

/** As little alike as real ones, so that they take as much room when compressed, and the same each time. */
function madeUpUuid(index: number): string {
  const digits = (factor: number) => {
    const mixed = Math.imul(index ^ (index >>> 7) ^ factor, factor);
    return hex[Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d) >>> 16];
  };
  const [a, b, c, d] = [digits(0x9e3779b1), digits(0x85ebca77), digits(0xc2b2ae3d), digits(0x27d4eb2f)];
  const [e, f, g, h] = [digits(0x165667b1), digits(0xd3a2646d), digits(0xfd7046c5), digits(0xb55a4f09)];
  return `${a}${b}-${c}-${d}-${e}-${f}${g}${h}`;
}

const hex = Array.from({ length: 65_536 }, (_, number) => number.toString(16).padStart(4, "0"));
