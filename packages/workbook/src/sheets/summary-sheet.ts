import { changeFraction } from "@runledger/wording";
import { type ObjectiveResult, type WeeklyReport, attainedIn, worstFirst } from "@runledger/sla";
import { amount, attained, budget, burnRate, change, target, text, verdict } from "./cell.ts";
import { budgetBar, burnSymbols, verdictWords } from "./emphasis.ts";
import { checkColumn, checkFromObjectives, evidenceColumn } from "./evidence-columns.ts";
import { definedNames, type Evidence } from "./evidence.ts";
import { sheetOf } from "./sheet.ts";
import type { Column, Sheet } from "./sheet.ts";
import { summaryPage } from "./summary-page.ts";
import type { DefinedName } from "../xlsx/package.ts";
import { columnCells } from "../xlsx/reference.ts";

/** How each objective fared, worst first; below it what the report is of, and the worst objectives' 13 weeks. */
export function summarySheet(report: WeeklyReport, evidence: Evidence): Sheet {
  return {
    ...sheetOf(
      "Summary",
      [
        ...figureColumns,
        evidenceColumn(evidence),
        checkColumn(evidence, (objective) => checkFromObjectives(objective, evidence)),
      ],
      worstFirst(report.objectives),
    ),
    drawings: (widths) => summaryPage(report, widths),
    isSinglePage: true,
  };
}

/** Names what each objective attained, for other workbooks and formulas to quote. */
export function attainedNames({ objectives }: WeeklyReport): DefinedName[] {
  const nameOf = definedNames("Attained", objectives);
  const column = figureColumns.findIndex(({ header }) => header === "Attained") + 1;
  return worstFirst(objectives).map((objective, index) => ({
    name: nameOf(objective),
    cells: columnCells("Summary", column, index + 2),
  }));
}

const counted = "Runs or days; seconds for freshness";

/** The figures of an objective. */
export const figureColumns: readonly Column<ObjectiveResult>[] = [
  { header: "Objective", cell: ({ id }) => text(id) },
  { header: "Pipeline", cell: ({ pipelineName }) => text(pipelineName) },
  { header: "Type", cell: ({ kind }) => text(kind) },
  { header: "Target", cell: (objective) => target(objective.target) },
  {
    header: "Attained",
    note: "Good / total, rounded down; blank without a verdict",
    cell: (objective) => attained(attainedIn(objective)),
  },
  { header: "Total", note: counted, cell: ({ kind, share }) => amount(kind, share.total) },
  { header: "Bad", note: counted, cell: ({ kind, share }) => amount(kind, share.total - share.good) },
  { header: "Allowed bad", note: counted, cell: ({ kind, allowedBad }) => amount(kind, allowedBad) },
  {
    header: "Budget left",
    note: "Of the error budget",
    format: budgetBar,
    cell: ({ budgetLeft }) => budget(budgetLeft),
  },
  {
    header: "Burn rate",
    note: "Over 1 is over budget",
    format: burnSymbols,
    cell: (objective) => burnRate(objective.burnRate),
  },
  {
    header: "4 weeks",
    note: "Attained over this week and the three before it",
    cell: ({ fourWeeks }) => attained(fourWeeks),
  },
  {
    header: "Change",
    note: "Percentage points against the week before",
    cell: (objective) => change(changeFraction(attainedIn(objective), objective.previous)),
  },
  { header: "Verdict", format: verdictWords, cell: (objective) => verdict(objective.verdict) },
];
