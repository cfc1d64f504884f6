import { count, day, instantIn, key, minutes, momentIn, text } from "./cell.ts";
import { deadlineWords } from "./emphasis.ts";
import type { Evidence } from "./evidence.ts";
import type { WeeklyReport } from "@runledger/sla";
import { sheetOf } from "./sheet.ts";
import type { Sheet } from "./sheet.ts";

/** Every day on which a run was due, and the run that met it. */
export function deadlinesSheet(
  { agreement: { timezone }, deadlines }: WeeklyReport,
  { numbers: { ofObjective } }: Evidence,
): Sheet {
  const local = momentIn(timezone);
  const finish = instantIn(timezone);
  return sheetOf(
    "Deadlines",
    [
      { header: "Objective", cell: ({ objective }) => text(objective) },
      { header: "Date", note: `Day in ${timezone}`, cell: ({ date }) => day(date) },
      { header: "Opens", note: timezone, cell: ({ opensAt }) => local(opensAt) },
      { header: "Due", note: `${timezone}; grace included`, cell: ({ dueAt }) => local(dueAt) },
      {
        header: "Completed",
        note: `${timezone}; blank when no run succeeded`,
        cell: ({ completedAt }) => finish(completedAt),
      },
      {
        header: "Late by (min)",
        note: "Minutes after Due, rounded up",
        cell: ({ lateByMs }) => minutes(lateByMs),
      },
      { header: "Status", format: deadlineWords, cell: ({ status }) => text(status) },
      {
        header: "Attempts",
        note: "Runs up to the one that succeeded",
        cell: ({ attempts }) => count(attempts),
      },
      { header: "Run", cell: ({ runUuid }) => text(runUuid) },
      {
        header: "Objective number",
        note: "As on Objectives",
        cell: ({ objective }) => key(ofObjective.get(objective)),
      },
    ],
    deadlines,
  );
}
