import type { RunEvidence, WeeklyReport } from "@runledger/sla";
import { count, duration, instantIn, key, text } from "./cell.ts";
import { runWords } from "./emphasis.ts";
import type { Evidence, RunSheet } from "./evidence.ts";
import type { Numbers } from "./reference-numbers.ts";
import { longSheetOf, sheetOf } from "./sheet.ts";
import type { Column, Sheet } from "./sheet.ts";

/** The evidence: every run the week's objectives looked at, on as many sheets as it takes. */
export function runsSheets(report: WeeklyReport, { runSheets, numbers }: Evidence): Sheet[] {
  const columns = columnsIn(report.agreement.timezone, numbers);
  return runSheets.map(({ name, from, to }) =>
    from === to
      ? sheetOf(name, columns, [])
      : longSheetOf(name, columns, slice(report.runs, { from, to }), to - from),
  );
}

function columnsIn(timezone: string, { ofPipeline }: Numbers): Column<RunEvidence>[] {
  const local = instantIn(timezone);
  const utc = instantIn("utc");
  return [
    { header: "Run", cell: ({ runUuid }) => text(runUuid) },
    { header: "Pipeline", cell: ({ pipelineName }) => text(pipelineName) },
    { header: "Started", note: timezone, cell: ({ startedAt }) => local(startedAt) },
    { header: "Finished", note: timezone, cell: ({ finishedAt }) => local(finishedAt) },
    { header: "Finished (UTC)", cell: ({ finishedAt }) => utc(finishedAt) },
    { header: "Duration", note: "Hours, minutes, seconds", cell: ({ elapsedMs }) => duration(elapsedMs) },
    {
      header: "State",
      format: runWords,
      cell: ({ isSuccessful }) => text(isSuccessful ? "successful" : "failed"),
    },
    { header: "Tasks", cell: ({ taskCount }) => count(taskCount) },
    { header: "Failed tasks", cell: ({ failedTaskCount }) => count(failedTaskCount) },
    {
      header: "Counted",
      note: "No when an exclusion takes the run out",
      cell: ({ isCounted }) => text(isCounted ? "yes" : "no"),
    },
    { header: "Why not", cell: ({ whyNot }) => text(whyNot) },
    { header: "Error", cell: ({ errorMessage }) => text(errorMessage) },
    {
      header: "Pipeline number",
      note: "As on Objectives",
      cell: ({ pipelineUuid }) => key(ofPipeline.get(pipelineUuid)),
    },
  ];
}

/** Those at `[from, to)`, found anew each time they are gone through. */
function slice<T>(items: Iterable<T>, { from, to }: Pick<RunSheet, "from" | "to">): Iterable<T> {
  return {
    *[Symbol.iterator]() {
      let index = 0;
      for (const item of items) {
        if (index >= to) return;
        if (index >= from) yield item;
        index += 1;
      }
    },
  };
}
