import { duration, momentIn, text } from "./cell.ts";
import type { WeeklyReport } from "@runledger/sla";
import { sheetOf } from "./sheet.ts";
import type { Sheet } from "./sheet.ts";

/** The times that the agreement takes out of the week, and who agreed to that. */
export function exclusionsSheet({ agreement: { timezone }, exclusions }: WeeklyReport): Sheet {
  const local = momentIn(timezone);
  return sheetOf(
    "Exclusions",
    [
      { header: "From", note: timezone, cell: ({ start }) => local(start) },
      { header: "To", note: timezone, cell: ({ end }) => local(end) },
      {
        header: "Length",
        note: "Hours, minutes, seconds",
        cell: ({ start, end }) => duration(end.getTime() - start.getTime()),
      },
      { header: "Kind", cell: ({ kind }) => text(kind) },
      { header: "Reason", cell: ({ reason }) => text(reason) },
      { header: "Approved by", cell: ({ approvedBy }) => text(approvedBy) },
      {
        header: "Retroactive",
        note: "Entered after the week's first report",
        cell: ({ isRetroactive }) => text(isRetroactive ? "yes" : "no"),
      },
    ],
    exclusions,
  );
}
