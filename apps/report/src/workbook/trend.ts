import type { WeeklyReport } from "../report-model.ts";
import { attained, count, text, verdict } from "./cell.ts";
import { sheetOf } from "./sheet.ts";
import type { Sheet } from "./sheet.ts";

/** The last 13 weeks, oldest first. */
export function trendSheet({ trend }: WeeklyReport): Sheet {
  return sheetOf(
    "Trend",
    [
      { header: "Week", cell: ({ week }) => text(week) },
      { header: "Objective", cell: ({ objective }) => text(objective) },
      {
        header: "Total",
        note: "Runs or days; seconds for freshness",
        cell: ({ share }) => count(share.total),
      },
      { header: "Attained", note: "Good / total, rounded down", cell: ({ share }) => attained(share) },
      { header: "Verdict", cell: (point) => verdict(point.verdict) },
    ],
    trend,
  );
}
