import { type Language, amountText, none, percentText, targetText } from "@runledger/wording";
import { type FigureChange, type Unit, type ReportWithoutRuns, unitOf } from "@runledger/sla";
import { listed, type Line, type Listed } from "./truncated.ts";
import { asName } from "./sanitize-text.ts";

/** What a revision printed otherwise than the one before: an objective a line, `attained 100.00% → 80.00%; good 5 → 4`. */
export function revisionChanges(
  { changes, objectives }: ReportWithoutRuns,
  most: number,
  language: Language,
): Listed<Line> {
  if (changes.length === 0) {
    return { items: [{ lead: null, rest: language.mail.onlyEvidenceChanged }], omitted: 0 };
  }
  const units = new Map(objectives.map(({ id, kind }) => [id, unitOf(kind)]));
  const byObjective = Array.from(Map.groupBy(changes, ({ objective }) => objective));
  return listed(byObjective, most, ([id, figures]) => ({
    lead: asName(id),
    // What an objective counted that is gone nobody knows any more: it is printed as a number.
    rest: figures.map((change) => changedFigure(change, units.get(id) ?? "runs", language)).join("; "),
  }));
}

/** Shares that would read the same have the decimals that tell them apart, up to six. */
function changedFigure(
  { figure, before, now }: FigureChange,
  unit: Unit,
  { figures, verdicts, notation }: Language,
): string {
  const words = new Map<string, string>(Object.entries(verdicts));
  const textOf = (value: string | number | null, decimals: number): string => {
    if (value === null) return none;
    if (typeof value === "string") return words.get(value) ?? value;
    if (figure === "good" || figure === "total" || figure === "excluded") {
      return amountText(unit, value, notation);
    }
    if (figure === "target") return targetText({ numerator: value, denominator: 1 }, notation);
    return percentText(value, decimals, notation);
  };
  const decimals = textOf(before, 2) === textOf(now, 2) ? 6 : 2;
  return `${figures[figure]} ${textOf(before, decimals)} → ${textOf(now, decimals)}`;
}
