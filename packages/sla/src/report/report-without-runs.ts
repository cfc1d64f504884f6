import type { WeeklyReport } from "./weekly-report.ts";

/** For summaries of several agreements: all of their runs together would be too many to hold. */
export type ReportWithoutRuns = Omit<WeeklyReport, "runs">;

export function withoutRuns({ runs: _runs, ...report }: WeeklyReport): ReportWithoutRuns {
  return report;
}
