import type { ObjectiveOf } from "../report/weekly-report.ts";
import { evaluateRuns, type Evaluation, type PipelineHistory } from "./evaluation.ts";
import type { Scope } from "../scope/scope.ts";

/**
 * Successful runs that take at most so long: of all runs when failed ones count, of the successful ones when
 * they are left out.
 */
export function evaluateDuration(
  { atMostMs, failed }: ObjectiveOf<"duration">,
  history: PipelineHistory,
  scope: Scope,
): Evaluation {
  const { runs } = history;
  const isQuick = (index: number) => runs.elapsedMs(index) <= atMostMs;
  const ofFailed = failed === "count" ? false : null;
  const isGood = (index: number) => (runs.isSuccessful(index) ? isQuick(index) : ofFailed);
  const rules = { success: ["good", "bad"], failure: failed === "count" ? "bad" : "out" } as const;
  return evaluateRuns(history, isGood, rules, scope);
}
