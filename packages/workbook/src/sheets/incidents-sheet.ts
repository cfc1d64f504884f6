import { english, incidentRemarks } from "@runledger/wording";
import { count, duration, instantIn, linked, text } from "./cell.ts";
import type { Cell } from "./cell.ts";
import type { Evidence } from "./evidence.ts";
import type { WeeklyReport } from "@runledger/sla";
import { sheetOf } from "./sheet.ts";
import type { Sheet } from "./sheet.ts";

/** The incidents that the week saw open, in order of time. */
export function incidentsSheet(report: WeeklyReport, evidence: Evidence): Sheet {
  const { agreement, incidents } = report;
  const { timezone } = agreement;
  const local = instantIn(timezone);
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
        note: "Hours, minutes, seconds, from its opening; of an open one up to the end of the week, or to the as-of while that goes on",
        cell: ({ lastedMs }) => duration(lastedMs),
      },
      { header: "Bad events", cell: ({ badEvents }) => count(badEvents) },
      { header: "First failing task", cell: ({ firstFailedTask }) => text(firstFailedTask) },
      { header: "Error", cell: ({ errorMessage }) => text(errorMessage) },
      {
        header: "Remark",
        cell: (incident) => text(incidentRemarks(incident, report, english).join("; ") || null),
      },
    ],
    incidents,
  );
}

/** Leads to the rows that the objective's incidents are made of. */
function objectiveLink(objective: string, { of }: Evidence): Cell {
  const rows = of.get(objective);
  return rows === undefined ? text(objective) : linked(text(objective), rows.name);
}
