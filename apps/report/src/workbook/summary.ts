import { changeFraction } from "../format.ts";
import type { ObjectiveResult, WeeklyReport } from "../report-model.ts";
import { worstFirst } from "../verdict.ts";
import { amount, attained, budget, burnRate, change, target, text, verdict } from "./cell.ts";
import { sheetOf } from "./sheet.ts";
import type { Column, Sheet } from "./sheet.ts";

/** How each objective fared, worst first. */
export function summarySheet(report: WeeklyReport): Sheet {
  return sheetOf("Summary", summaryColumns, worstFirst(report.objectives));
}

const counted = "Runs or days; seconds for freshness";

export const summaryColumns: readonly Column<ObjectiveResult>[] = [
  { header: "Objective", cell: ({ id }) => text(id) },
  { header: "Pipeline", cell: ({ pipelineName }) => text(pipelineName) },
  { header: "Type", cell: ({ kind }) => text(kind) },
  { header: "Target", cell: (objective) => target(objective.target) },
  { header: "Attained", note: "Good / total, rounded down", cell: ({ share }) => attained(share) },
  { header: "Total", note: counted, cell: ({ kind, share }) => amount(kind, share.total) },
  { header: "Bad", note: counted, cell: ({ kind, share }) => amount(kind, share.total - share.good) },
  { header: "Allowed bad", note: counted, cell: ({ kind, allowedBad }) => amount(kind, allowedBad) },
  { header: "Budget left", note: "Of the error budget", cell: ({ budgetLeft }) => budget(budgetLeft) },
  { header: "Burn rate", note: "Over 1 is over budget", cell: (objective) => burnRate(objective.burnRate) },
  {
    header: "4 weeks",
    note: "Attained over this week and the three before it",
    cell: ({ fourWeeks }) => attained(fourWeeks),
  },
  {
    header: "Change",
    note: "Percentage points against the week before",
    cell: ({ share, previous }) => change(changeFraction(share, previous)),
  },
  { header: "Verdict", cell: (objective) => verdict(objective.verdict) },
];
