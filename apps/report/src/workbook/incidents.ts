import { count, duration, linked, momentIn, text } from "./cell.ts";
import type { Cell } from "./cell.ts";
import type { Evidence } from "./evidence.ts";
import type { PrintableReport } from "./printable-report.ts";
import { sheetOf } from "./sheet.ts";
import type { Sheet } from "./sheet.ts";

/** The week's incidents; an open one is timed up to the report's as-of. */
export function incidentsSheet(
  { agreement: { timezone }, asOf, incidents }: PrintableReport,
  evidence: Evidence,
): Sheet {
  const local = momentIn(timezone);
  return sheetOf(
    "Incidents",
    [
      { header: "Objective", cell: ({ objective }) => objectiveLink(objective, evidence) },
      { header: "Pipeline", cell: ({ pipelineName }) => text(pipelineName) },
      { header: "Opened", note: timezone, cell: ({ openedAt }) => local(openedAt) },
      {
        header: "Closed",
        note: `${timezone}; blank while open`,
        cell: ({ closedAt }) => local(closedAt),
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

/** Leads to the rows that the objective's incidents are made of. */
function objectiveLink(objective: string, { of }: Evidence): Cell {
  const rows = of.get(objective);
  return rows === undefined ? text(objective) : linked(text(objective), rows.name);
}
