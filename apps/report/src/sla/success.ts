import { evaluateRuns, type Evaluation, type ObjectiveOf } from "./evaluation.ts";
import type { ExaminedRun } from "./run.ts";

/** Successful runs, of all runs. */
export function evaluateSuccess(_: ObjectiveOf<"success">, runs: readonly ExaminedRun[]): Evaluation {
  const words = { definition: "Successful runs, of all runs", unit: "run", fault: "failed" };
  return evaluateRuns(words, runs, (run) => run.isSuccessful);
}
