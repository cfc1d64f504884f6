import type { ObjectiveOf } from "../report/weekly-report.ts";
import { evaluateRuns, type Evaluation, type PipelineHistory } from "./evaluation.ts";
import type { Scope } from "../scope/scope.ts";

/** Successful runs, of all runs. */
export function evaluateSuccess(
  _: ObjectiveOf<"success">,
  history: PipelineHistory,
  scope: Scope,
): Evaluation {
  const rules = { success: ["good"], failure: "bad" } as const;
  return evaluateRuns(history, (index) => history.runs.isSuccessful(index), rules, scope);
}
