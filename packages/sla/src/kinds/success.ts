import type { ObjectiveOf } from "@runledger/config";
import { evaluateRuns, type Evaluation, type PipelineHistory } from "./evaluation.ts";
import type { Kind } from "./kind.ts";
import type { Scope } from "../scope/scope.ts";

/** Successful runs, of all runs. */
export const success: Kind<"success"> = {
  unit: "runs",
  evaluate: evaluateSuccess,
  asksForHolidays: () => false,
  terms: () => ({ kind: "success" }),
};

function evaluateSuccess(_: ObjectiveOf<"success">, history: PipelineHistory, scope: Scope): Evaluation {
  const rules = { success: ["good"], failure: "bad" } as const;
  return evaluateRuns(history, ({ isSuccessful }) => isSuccessful, rules, scope);
}
