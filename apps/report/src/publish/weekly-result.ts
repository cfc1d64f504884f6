import type { Agreement } from "@runledger/config";
import type { ReportFiles } from "../files/print-report.ts";
import type { ReportWithoutRuns, Week } from "@runledger/sla";
import { isDelivered, type RecipientResult } from "../delivery/send-report.ts";

/** A numbered report as files, not sent yet. */
export interface PrintedReport {
  outcome: "printed";
  agreement: Agreement;
  report: ReportWithoutRuns;
  files: ReportFiles;
}

/** A numbered report: where its files are, how its messages fared, why it was not sent. */
export interface PublishedReport {
  outcome: "published";
  report: ReportWithoutRuns;
  files: ReportFiles;
  deliveries: RecipientResult[];
  notSent: string | null;
}

/** What came of an agreement's week. */
export type WeeklyResult = PublishedReport | UnchangedReport | MissingReport;

/** A report that was sent before, and whose figures are still the same. */
export interface UnchangedReport {
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
