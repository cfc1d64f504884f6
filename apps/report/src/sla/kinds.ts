import type { Objective } from "@runledger/config";
import type { ObjectiveKind } from "../report-model.ts";
import { evaluateDuration } from "./duration.ts";
import type { Evaluation, ObjectiveOf } from "./evaluation.ts";
import type { ExaminedRun } from "./run.ts";
import { evaluateSuccess } from "./success.ts";
import { tallyOf } from "./tally.ts";

/** Evaluates an objective by its kind. `runs` are those of its pipeline, in order of finish. */
export function evaluate(objective: Objective, runs: readonly ExaminedRun[]): Evaluation {
  return evaluateAs(objective.kind, objective, runs);
}

const evaluators: { [Kind in ObjectiveKind]: Evaluator<Kind> } = {
  success: evaluateSuccess,
  duration: evaluateDuration,
  deadline: notScored,
  freshness: notScored,
  volume: notScored,
};

type Evaluator<Kind extends ObjectiveKind> = (
  objective: ObjectiveOf<Kind>,
  runs: readonly ExaminedRun[],
) => Evaluation;

/** Lets the compiler see that an objective and its evaluator are of one kind. */
function evaluateAs<Kind extends ObjectiveKind>(
  kind: Kind,
  objective: ObjectiveOf<Kind>,
  runs: readonly ExaminedRun[],
): Evaluation {
  return evaluators[kind](objective, runs);
}

function notScored({ kind }: Objective): Evaluation {
  const unscored = `${kind} objectives are not scored by this version`;
  return {
    definition: unscored,
    unit: "",
    fault: "",
    unscored,
    events: [],
    tally: (week) => tallyOf([], week),
  };
}
