import type { WeeklyReport } from "../report-model.ts";
import { duration, minutes, moment, text } from "./cell.ts";
import { sheetOf } from "./sheet.ts";
import type { Sheet } from "./sheet.ts";

/** The times in which the data was older than agreed. */
export function freshnessSheet({ agreement: { timezone }, freshnessGaps }: WeeklyReport): Sheet {
  return sheetOf(
    "Freshness",
    [
      { header: "Objective", cell: ({ objective }) => text(objective) },
      {
        header: "Gap from",
        note: `${timezone}; finish of the successful run before`,
        cell: ({ from }) => moment(from, timezone),
      },
      {
        header: "Gap to",
        note: `${timezone}; finish of the next successful run, blank when none followed`,
        cell: ({ to }) => moment(to, timezone),
      },
      { header: "Limit", note: "Hours, minutes, seconds", cell: ({ limitMs }) => duration(limitMs) },
      {
        header: "Breach (min)",
        note: "Minutes of the week beyond the limit, exclusions cut out, rounded up",
        cell: ({ breachMs }) => minutes(breachMs),
      },
    ],
    freshnessGaps,
  );
}
