import type { WeeklyReport } from "../report-model.ts";
import { worstFirst } from "../verdict.ts";
import { amount, attained, text } from "./cell.ts";
import { sheetOf } from "./sheet.ts";
import type { Sheet } from "./sheet.ts";
import { summaryColumns } from "./summary.ts";

/** The summary in full: what was counted, what was taken out, what the objective means. */
export function objectivesSheet(report: WeeklyReport): Sheet {
  return sheetOf(
    "Objectives",
    [
      ...summaryColumns,
      { header: "Good", cell: ({ kind, share }) => amount(kind, share.good) },
      {
        header: "Excluded",
        note: "Taken out by exclusions",
        cell: ({ kind, excluded }) => amount(kind, excluded),
      },
      { header: "Attained (raw)", note: "With no exclusions", cell: ({ raw }) => attained(raw) },
      { header: "Definition", cell: ({ definition }) => text(definition) },
      { header: "Reason", cell: ({ reason }) => text(reason) },
    ],
    worstFirst(report.objectives),
  );
}
