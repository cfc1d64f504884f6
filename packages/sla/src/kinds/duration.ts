import type { ObjectiveOf } from "@runledger/config";
import { evaluateRuns, type Evaluation, type PipelineHistory } from "./evaluation.ts";
import type { Kind } from "./kind.ts";
import type { RunView } from "../runs/run-view.ts";
import type { Scope } from "../scope/scope.ts";

/**
 * Successful runs that take at most so long: of all runs when failed ones count, of the successful ones when
 * they are left out.
 */
export const duration: Kind<"duration"> = {
  unit: "runs",
  evaluate: evaluateDuration,
  asksForHolidays: () => false,
  terms: ({ atMostMs, failed }) => ({ kind: "duration", atMostMs, failed }),
};

function evaluateDuration(
  { atMostMs, failed }: ObjectiveOf<"duration">,
  history: PipelineHistory,
  scope: Scope,
): Evaluation {
  const ofFailed = failed === "count" ? false : null;
  const isGood = ({ isSuccessful, elapsedMs }: RunView) => (isSuccessful ? elapsedMs <= atMostMs : ofFailed);
  const rules = { success: ["good", "bad"], failure: failed === "count" ? "bad" : "out" } as const;
  return evaluateRuns(history, isGood, rules, scope);
}
