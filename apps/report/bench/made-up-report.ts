import type { RunEvidence } from "../src/report-model.ts";
import type { PrintableReport } from "../src/workbook/printable-report.ts";

/** A report on one pipeline with so many runs, made up one by one as they are gone through. */
export function reportOf(count: number): PrintableReport {
  const pipelineName = "orders-to-warehouse";
  const start = new Date("2026-03-15T23:00:00Z");
  const end = new Date("2026-03-22T23:00:00Z");
  const timezone = "Europe/Berlin";
  return {
    agreement: { id: "bench", title: "Bench", customer: "Bench", timezone },
    week: { id: "2026-W12", timezone, start, end, hours: 168 },
    revision: 1,
    asOf: new Date("2026-03-23T05:00:00Z"),
    dataThrough: end,
    definitionHash: "0".repeat(64),
    softwareVersion: "0.0.0",
    objectives: [],
    incidents: [],
    deadlines: [],
    freshnessGaps: [],
    trend: [],
    durations: [],
    exclusions: [],
    changes: [],
    notes: [],
    runs: {
      *[Symbol.iterator]() {
        for (let index = 0; index < count; index += 1) yield runAt(index, count);
      },
    },
  };

  function runAt(index: number, of: number): RunEvidence {
    const share = index / of;
    const finishedAt = new Date(start.getTime() + Math.floor(share * (end.getTime() - start.getTime())));
    const elapsedMs = 600_000 + (index % 977) * 1013;
    const isSuccessful = index % 50 !== 7;
    return {
      runUuid: `7b1c0f7e-0000-4000-8000-${(index * 2_654_435_761).toString(16).padStart(12, "0").slice(-12)}`,
      pipelineUuid: "7b1c0f7e-0000-4000-8000-000000000001",
      pipelineName,
      startedAt: new Date(finishedAt.getTime() - elapsedMs),
      finishedAt,
      elapsedMs,
      isSuccessful,
      taskCount: 4,
      failedTaskCount: isSuccessful ? 0 : 1,
      isCounted: index % 100 !== 9,
      whyNot: index % 100 === 9 ? "Maintenance" : null,
      errorMessage: isSuccessful ? null : "connection to warehouse refused",
    };
  }
}
