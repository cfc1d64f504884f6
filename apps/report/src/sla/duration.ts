import { evaluateRuns, type Evaluation, type ObjectiveOf, type PipelineHistory } from "./evaluation.ts";
import type { Run } from "./run.ts";
import type { Scope } from "./scope.ts";

/**
 * Successful runs that take at most so long: of all runs when failed ones count, of the successful ones when
 * they are left out.
 */
export function evaluateDuration(
  { atMostMs, failed }: ObjectiveOf<"duration">,
  { runs }: PipelineHistory,
  scope: Scope,
): Evaluation {
  const isGood = (run: Run) => run.isSuccessful && run.elapsedMs <= atMostMs;
  const counted = failed === "count" ? runs : runs.filter(({ run }) => run.isSuccessful);
  return evaluateRuns(counted, isGood, scope);
}
