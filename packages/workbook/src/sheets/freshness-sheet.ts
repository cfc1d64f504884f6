import { duration, instantIn, key, minutes, text } from "./cell.ts";
import type { Evidence } from "./evidence.ts";
import type { WeeklyReport } from "@runledger/sla";
import { sheetOf } from "./sheet.ts";
import type { Sheet } from "./sheet.ts";

/** The times in which the data was older than agreed. */
export function freshnessSheet(
  { agreement: { timezone }, freshnessGaps }: WeeklyReport,
  { numbers: { ofObjective } }: Evidence,
): Sheet {
  const local = instantIn(timezone);
  return sheetOf(
    "Freshness",
    [
      { header: "Objective", cell: ({ objective }) => text(objective) },
      {
        header: "Gap from",
        note: `${timezone}; finish of the successful run before`,
        cell: ({ from }) => local(from),
      },
      {
        header: "Gap to",
        note: `${timezone}; finish of the next successful run, blank when none followed`,
        cell: ({ to }) => local(to),
      },
      { header: "Limit", note: "Hours, minutes, seconds", cell: ({ limitMs }) => duration(limitMs) },
      {
        header: "Breach (min)",
        note: "Minutes of the week beyond the limit, exclusions cut out, rounded up",
        cell: ({ breachMs }) => minutes(breachMs),
      },
      { header: "Breach", note: "The same to the second", cell: ({ breachMs }) => duration(breachMs) },
      {
        header: "Objective number",
        note: "As on Objectives",
        cell: ({ objective }) => key(ofObjective.get(objective)),
      },
    ],
    freshnessGaps,
  );
}
