import type { ObjectiveResult, Verdict } from "./report-model.ts";

/**
 * The week in one phrase: `1 of 5 missed`, `all 5 met, 1 at risk`, `4 of 5 met, 1 with insufficient data`.
 * Objectives that are not in force yet are not counted.
 */
export function headline(objectives: readonly ObjectiveResult[]): string {
  const count = (...wanted: Verdict[]) => objectives.filter(({ verdict }) => wanted.includes(verdict)).length;
  const total = objectives.length - count("not_in_force");
  const missed = count("missed");
  const unknown = count("insufficient_data");
  const atRisk = count("at_risk");
  const met = count("met", "at_risk");

  if (total === 0) return "not in force yet";
  if (missed > 0) return `${missed} of ${total} missed`;
  if (met === 0) return `insufficient data for all ${total}`;
  return [
    met === total ? `all ${total} met` : `${met} of ${total} met`,
    ...(atRisk > 0 ? [`${atRisk} at risk`] : []),
    ...(unknown > 0 ? [`${unknown} with insufficient data`] : []),
  ].join(", ");
}
