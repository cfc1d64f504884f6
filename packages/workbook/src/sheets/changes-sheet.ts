import type { ChangedFigure, FigureChange, ObjectiveKind, WeeklyReport } from "@runledger/sla";
import { causesInWords, english } from "@runledger/wording";
import { amount, blank, count, duration, exactShare, text } from "./cell.ts";
import type { Cell } from "./cell.ts";
import { sheetOf } from "./sheet.ts";
import type { Sheet } from "./sheet.ts";

/** Which figures this revision changed from the revision before, and why. */
export function changesSheet({ objectives, changes, revision, causes }: WeeklyReport): Sheet {
  const kinds = new Map(objectives.map(({ id, kind }) => [id, kind]));
  const cellOf = ({ objective, figure }: FigureChange, value: string | number | null) =>
    figureCell(figure, kinds.get(objective), value);
  return sheetOf(
    "Changes",
    [
      { header: "Objective", cell: ({ objective }) => text(objective) },
      { header: "Figure", cell: ({ figure }) => text(figures[figure].label) },
      { header: `Revision ${revision - 1}`, cell: (change) => cellOf(change, change.before) },
      { header: `Revision ${revision}`, cell: (change) => cellOf(change, change.now) },
      { header: "Why", wrapAt: 60, cell: () => text(causesInWords(causes, english)) },
    ],
    changes,
    `No figure of an objective; ${causesInWords(causes, english) || "only rows of evidence or the definition changed"}`,
  );
}

/** How a figure is called in Objectives, and what it is. */
const figures = {
  verdict: { label: "Verdict", unit: "word" },
  target: { label: "Target", unit: "share" },
  good: { label: "Good", unit: "amount" },
  total: { label: "Total", unit: "amount" },
  excluded: { label: "Excluded", unit: "amount" },
  attained: { label: "Attained", unit: "share" },
  attained_raw: { label: "Attained (raw)", unit: "share" },
  attained_4w: { label: "4 weeks", unit: "share" },
  mean_time_to_recover: { label: "Mean time to recover", unit: "duration" },
  mean_time_between_failures: { label: "Mean time between failures", unit: "duration" },
} as const satisfies Record<ChangedFigure, { label: string; unit: "word" | "share" | "amount" | "duration" }>;

/** What an objective counted that is gone nobody knows any more: `kind` is undefined, and it is a number. */
function figureCell(
  figure: ChangedFigure,
  kind: ObjectiveKind | undefined,
  value: string | number | null,
): Cell {
  if (value === null) return blank;
  if (typeof value === "string") return text(value);
  const { unit } = figures[figure];
  if (unit === "duration") return duration(value);
  if (unit === "share") return exactShare(value);
  return kind === undefined ? count(value) : amount(kind, value);
}
