import type { WeeklyReport } from "../report-model.ts";
import { count, duration, moment, text } from "./cell.ts";
import { sheetOf } from "./sheet.ts";
import type { Sheet } from "./sheet.ts";

/** The evidence: every run the week's objectives looked at. */
export function runsSheet({ agreement: { timezone }, runs }: WeeklyReport): Sheet {
  return sheetOf(
    "Runs",
    [
      { header: "Run", cell: ({ runUuid }) => text(runUuid) },
      { header: "Pipeline", cell: ({ pipelineName }) => text(pipelineName) },
      { header: "Started", note: timezone, cell: ({ startedAt }) => moment(startedAt, timezone) },
      { header: "Finished", note: timezone, cell: ({ finishedAt }) => moment(finishedAt, timezone) },
      { header: "Finished (UTC)", cell: ({ finishedAt }) => moment(finishedAt, "utc") },
      { header: "Duration", note: "Hours, minutes, seconds", cell: ({ elapsedMs }) => duration(elapsedMs) },
      { header: "State", cell: ({ isSuccessful }) => text(isSuccessful ? "successful" : "failed") },
      { header: "Tasks", cell: ({ taskCount }) => count(taskCount) },
      { header: "Failed tasks", cell: ({ failedTaskCount }) => count(failedTaskCount) },
      {
        header: "Counted",
        note: "No when an exclusion takes the run out",
        cell: ({ isCounted }) => text(isCounted ? "yes" : "no"),
      },
      { header: "Why not", cell: ({ whyNot }) => text(whyNot) },
      { header: "Error", cell: ({ errorMessage }) => text(errorMessage) },
    ],
    runs,
  );
}
