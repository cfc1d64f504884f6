import { english } from "@runledger/wording";
import { type WeeklyReport, attainedIn, worstFirst } from "@runledger/sla";
import { amount, attained, duration, key, text } from "./cell.ts";
import { checkColumn, checkFormula, evidenceColumn, recountColumn } from "./evidence-columns.ts";
import type { Evidence } from "./evidence.ts";
import { sheetOf } from "./sheet.ts";
import type { Sheet } from "./sheet.ts";
import { figureColumns } from "./summary-sheet.ts";

/** The summary in full: what was counted, what was taken out, what the objective means, and the same counted again. */
export function objectivesSheet(report: WeeklyReport, evidence: Evidence): Sheet {
  const { ofObjective, ofPipeline } = evidence.numbers;
  return sheetOf(
    "Objectives",
    [
      ...figureColumns,
      { header: "Good", cell: ({ kind, share }) => amount(kind, share.good) },
      {
        header: "Excluded",
        note: "Taken out by exclusions",
        cell: ({ kind, excluded }) => amount(kind, excluded),
      },
      {
        header: "Attained (raw)",
        note: "With no exclusions",
        cell: ({ raw, verdict }) => attained(attainedIn({ share: raw, verdict })),
      },
      { header: "Definition", wrapAt: 34, cell: ({ definition }) => text(english.definition(definition)) },
      {
        header: "Reason",
        wrapAt: 34,
        cell: ({ reason, definition }) => text(english.reason(reason, definition)),
      },
      {
        header: "Mean time to recover",
        note: "Hours, minutes, seconds, over the closed incidents of 13 weeks",
        cell: ({ recovery }) => duration(recovery.meanTimeToRecoverMs),
      },
      {
        header: "Mean time between failures",
        note: "From the end of one to the start of the next, over the same incidents",
        cell: ({ recovery }) => duration(recovery.meanTimeBetweenFailuresMs),
      },
      {
        header: "Objective number",
        note: "Stands for the objective in formulas",
        cell: ({ id }) => key(ofObjective.get(id)),
      },
      {
        header: "Pipeline number",
        note: "Stands for the pipeline in formulas",
        cell: ({ pipelineUuid }) => key(ofPipeline.get(pipelineUuid)),
      },
      evidenceColumn(evidence),
      recountColumn(
        { header: "Total recounted", note: "Counted by a formula in the rows of evidence", of: "total" },
        evidence,
      ),
      recountColumn(
        { header: "Bad recounted", note: "Counted by a formula in the rows of evidence", of: "bad" },
        evidence,
      ),
      checkColumn(evidence, () => checkFormula),
    ],
    worstFirst(report.objectives),
  );
}
