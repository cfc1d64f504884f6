import type { WeeklyReport } from "../report-model.ts";
import { count, day, minutes, moment, text } from "./cell.ts";
import { sheetOf } from "./sheet.ts";
import type { Sheet } from "./sheet.ts";

/** Every day on which a run was due, and the run that met it. */
export function deadlinesSheet({ agreement: { timezone }, deadlines }: WeeklyReport): Sheet {
  return sheetOf(
    "Deadlines",
    [
      { header: "Objective", cell: ({ objective }) => text(objective) },
      { header: "Date", note: `Day in ${timezone}`, cell: ({ date }) => day(date) },
      { header: "Opens", note: timezone, cell: ({ opensAt }) => moment(opensAt, timezone) },
      { header: "Due", note: `${timezone}; grace included`, cell: ({ dueAt }) => moment(dueAt, timezone) },
      {
        header: "Completed",
        note: `${timezone}; blank when no run succeeded`,
        cell: ({ completedAt }) => moment(completedAt, timezone),
      },
      {
        header: "Late by (min)",
        note: "Minutes after Due, rounded up",
        cell: ({ lateByMs }) => minutes(lateByMs),
      },
      { header: "Status", cell: ({ status }) => text(status) },
      {
        header: "Attempts",
        note: "Runs up to the one that succeeded",
        cell: ({ attempts }) => count(attempts),
      },
      { header: "Run", cell: ({ runUuid }) => text(runUuid) },
    ],
    deadlines,
  );
}
