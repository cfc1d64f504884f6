import {
  type Language,
  amountText,
  durationText,
  exactDurationText,
  none,
  percentText,
  targetText,
} from "@runledger/wording";
import { type FigureChange, type Unit, type ReportWithoutRuns, unitOf } from "@runledger/sla";
import { truncated, type Line, type Truncated } from "./truncated.ts";
import { asName } from "./sanitize-text.ts";

/** What a revision printed otherwise than the one before: an objective a line, `attained 100.00% → 80.00%; good 5 → 4`. */
export function revisionChanges(
  { changes, objectives }: ReportWithoutRuns,
  most: number,
  language: Language,
): Truncated<Line> {
  if (changes.length === 0) {
    return { items: [{ lead: null, rest: language.mail.onlyEvidenceChanged }], omitted: 0 };
  }
  const units = new Map(objectives.map(({ id, kind }) => [id, unitOf(kind)]));
  const byObjective = Array.from(Map.groupBy(changes, ({ objective }) => objective));
  return truncated(byObjective, most, ([id, figures]) => ({
    lead: asName(id),
    // What an objective counted that is gone nobody knows any more: it is printed as a number.
    rest: figures.map((change) => changedFigure(change, units.get(id) ?? "runs", language)).join("; "),
  }));
}

/** Shares and means that would read the same have what tells them apart: up to six decimals, all units. */
function changedFigure(
  { figure, before, now }: FigureChange,
  unit: Unit,
  { figures, verdicts, notation }: Language,
): string {
  const words = new Map<string, string>(Object.entries(verdicts));
  const textOf = (value: string | number | null, isExact: boolean): string => {
    if (value === null) return none;
    if (typeof value === "string") return words.get(value) ?? value;
    if (figure === "good" || figure === "total" || figure === "excluded") {
      return amountText(unit, value, notation);
    }
    if (figure === "target") return targetText({ numerator: value, denominator: 1 }, notation);
    if (figure === "mean_time_to_recover" || figure === "mean_time_between_failures") {
      return (isExact ? exactDurationText : durationText)(value, notation);
    }
    return percentText(value, isExact ? 6 : 2, notation);
  };
  const isExact = textOf(before, false) === textOf(now, false);
  return `${figures[figure]} ${textOf(before, isExact)} → ${textOf(now, isExact)}`;
}
