import { durationInWords } from "./duration-in-words.ts";
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
  const limit = durationInWords(atMostMs);
  const isGood = (run: Run) => run.isSuccessful && run.elapsedMs <= atMostMs;
  if (failed === "exclude") {
    const words = {
      definition: `Successful runs that take at most ${limit}, of the successful runs`,
      unit: "successful run",
      fault: `took longer than ${limit}`,
    };
    const successful = runs.filter(({ run }) => run.isSuccessful);
    return evaluateRuns(words, successful, isGood, scope);
  }
  const words = {
    definition: `Successful runs that take at most ${limit}, of all runs`,
    unit: "run",
    fault: `failed or took longer than ${limit}`,
  };
  return evaluateRuns(words, runs, isGood, scope);
}
