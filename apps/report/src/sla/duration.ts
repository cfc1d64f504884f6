import { evaluateRuns, type Evaluation, type ObjectiveOf } from "./evaluation.ts";
import type { ExaminedRun, Run } from "./run.ts";

/**
 * Successful runs that take at most so long: of all runs when failed ones count, of the successful ones when
 * they are left out.
 */
export function evaluateDuration(
  { atMostMs, failed }: ObjectiveOf<"duration">,
  runs: readonly ExaminedRun[],
): Evaluation {
  const limit = inWords(atMostMs);
  const isGood = (run: Run) => run.isSuccessful && run.elapsedMs <= atMostMs;
  if (failed === "exclude") {
    const words = {
      definition: `Successful runs that take at most ${limit}, of the successful runs`,
      unit: "successful run",
      fault: `took longer than ${limit}`,
    };
    const successful = runs.filter(({ run }) => run.isSuccessful);
    return evaluateRuns(words, successful, isGood);
  }
  const words = {
    definition: `Successful runs that take at most ${limit}, of all runs`,
    unit: "run",
    fault: `failed or took longer than ${limit}`,
  };
  return evaluateRuns(words, runs, isGood);
}

/** 5 400 000 ms is "1 h 30 min". */
function inWords(durationMs: number): string {
  let rest = durationMs;
  const parts: string[] = [];
  for (const [unit, unitMs] of units) {
    const count = Math.floor(rest / unitMs);
    if (count > 0) parts.push(`${count} ${unit}`);
    rest %= unitMs;
  }
  return parts.join(" ");
}

const units = [
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
  ["ms", 1],
] as const;
