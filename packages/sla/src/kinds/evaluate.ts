import type { Objective } from "@runledger/config";
import type { ObjectiveKind, ObjectiveOf } from "../report/weekly-report.ts";
import { evaluateDeadline } from "./deadline.ts";
import { evaluateDuration } from "./duration.ts";
import type { Evaluation, PipelineHistory } from "./evaluation.ts";
import { evaluateFreshness } from "./freshness.ts";
import type { Scope } from "../scope/scope.ts";
import { evaluateSuccess } from "./success.ts";
import { evaluateVolume } from "./volume.ts";

/** Evaluates an objective by its kind. */
export function evaluate(objective: Objective, history: PipelineHistory, scope: Scope): Evaluation {
  return evaluateAs(objective.kind, objective, history, scope);
}

const evaluators: { [Kind in ObjectiveKind]: Evaluator<Kind> } = {
  success: evaluateSuccess,
  duration: evaluateDuration,
  deadline: evaluateDeadline,
  freshness: evaluateFreshness,
  volume: evaluateVolume,
};

type Evaluator<Kind extends ObjectiveKind> = (
  objective: ObjectiveOf<Kind>,
  history: PipelineHistory,
  scope: Scope,
) => Evaluation;

/** Lets the compiler see that an objective and its evaluator are of one kind. */
function evaluateAs<Kind extends ObjectiveKind>(
  kind: Kind,
  objective: ObjectiveOf<Kind>,
  history: PipelineHistory,
  scope: Scope,
): Evaluation {
  return evaluators[kind](objective, history, scope);
}
