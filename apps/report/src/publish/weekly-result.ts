import type { Agreement } from "@runledger/config";
import type { ReportFiles } from "../files/print-report.ts";
import type { PublishedReport } from "./publish-report.ts";
import type { ReportWithoutRuns, Week } from "@runledger/sla";
import { isDelivered } from "../delivery/send-report.ts";

/** What came of an agreement's week. */
export type WeeklyResult = PublishedReport | UnchangedReport | MissingReport;

/** A report that was sent before, and whose figures are still the same. */
interface UnchangedReport {
  outcome: "unchanged";
  report: ReportWithoutRuns;
  files: ReportFiles;
}

/** A week whose report could not be made, or not be sent to its end. */
export interface MissingReport {
  outcome: "missing";
  agreement: Pick<Agreement, "id" | "title">;
  week: Week;
  /** Why. */
  notSent: string;
}

export function isWell(result: WeeklyResult): boolean {
  switch (result.outcome) {
    case "published":
      return result.notSent === null && result.deliveries.every(isDelivered);
    case "unchanged":
      return true;
    case "missing":
      return false;
  }
}
