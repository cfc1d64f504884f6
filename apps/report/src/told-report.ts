import type { WeeklyReport } from "./report-model.ts";

/** A report that is printed, for the summary at the end: of all agreements together the runs would be too many to hold. */
export type ToldReport = Omit<WeeklyReport, "runs">;

export function withoutRuns({ runs: _runs, ...report }: WeeklyReport): ToldReport {
  return report;
}
