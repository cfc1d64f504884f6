import { english } from "./languages/en-GB.ts";
import type { Language, VerdictCounts } from "./languages/language.ts";
import type { ObjectiveResult, Verdict } from "@runledger/sla";

/**
 * The week in one phrase: `1 of 5 missed`, `all 5 met, 1 at risk`, `4 of 5 met, 1 with insufficient data`.
 * Objectives that are not in force yet are not counted. Workbook and terminal read it in British English.
 */
export function headline(objectives: readonly ObjectiveResult[], language: Language = english): string {
  return language.headline(countsOf(objectives));
}

function countsOf(objectives: readonly ObjectiveResult[]): VerdictCounts {
  const count = (...wanted: Verdict[]) => objectives.filter(({ verdict }) => wanted.includes(verdict)).length;
  return {
    total: objectives.length - count("not_in_force"),
    missed: count("missed"),
    met: count("met", "at_risk"),
    atRisk: count("at_risk"),
    insufficientData: count("insufficient_data"),
  };
}
