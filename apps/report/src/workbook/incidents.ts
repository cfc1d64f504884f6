import type { WeeklyReport } from "../report-model.ts";
import { count, duration, moment, text } from "./cell.ts";
import { sheetOf } from "./sheet.ts";
import type { Sheet } from "./sheet.ts";

/** The week's incidents; an open one is timed up to the report's as-of. */
export function incidentsSheet({ agreement: { timezone }, asOf, incidents }: WeeklyReport): Sheet {
  return sheetOf(
    "Incidents",
    [
      { header: "Objective", cell: ({ objective }) => text(objective) },
      { header: "Pipeline", cell: ({ pipelineName }) => text(pipelineName) },
      { header: "Opened", note: timezone, cell: ({ openedAt }) => moment(openedAt, timezone) },
      {
        header: "Closed",
        note: `${timezone}; blank while open`,
        cell: ({ closedAt }) => moment(closedAt, timezone),
      },
      {
        header: "Duration",
        note: "Hours, minutes, seconds; up to the as-of while open",
        cell: ({ openedAt, closedAt }) => duration((closedAt ?? asOf).getTime() - openedAt.getTime()),
      },
      { header: "Bad events", cell: ({ badEvents }) => count(badEvents) },
      { header: "First failing task", cell: ({ firstFailedTask }) => text(firstFailedTask) },
      { header: "Error", cell: ({ errorMessage }) => text(errorMessage) },
    ],
    incidents,
  );
}
