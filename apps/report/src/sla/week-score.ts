import type { Objective } from "@runledger/config";
import type { Share, Week } from "../report-model.ts";
import { budgetOf, type Budget } from "./budget.ts";
import { gapIn } from "./coverage.ts";
import type { Evaluation } from "./evaluation.ts";
import type { Scope } from "./scope.ts";
import type { Tally } from "./tally.ts";
import { insufficient, judge, type Judgement } from "./verdict.ts";

/** One objective in one week; all counts are runs, days or microseconds. */
export interface WeekScore extends Tally, Budget, Judgement {
  week: Week;
  /** In force, and nothing of the week is missing or in doubt: its counts can be added to those of others. */
  isWhole: boolean;
}

export function scoreWeek(week: Week, objective: Objective, evaluation: Evaluation, scope: Scope): WeekScore {
  const tally = evaluation.tally(week);
  const budget = budgetOf(tally.share, objective.target);
  const obstacle = obstacleTo(week, objective, evaluation, scope);
  const judgement = obstacle ?? judge(evaluation, tally, budget, objective);
  return { week, ...tally, ...budget, ...judgement, isWhole: obstacle === null };
}

/**
 * The counts of several weeks as one share. Weeks that are not whole add nothing; weeks with too few runs for a
 * verdict of their own do.
 */
export function pool(scores: readonly WeekScore[]): Share {
  const shares = scores.filter(({ isWhole }) => isWhole).map(({ share }) => share);
  return {
    good: shares.reduce((sum, { good }) => sum + good, 0),
    total: shares.reduce((sum, { total }) => sum + total, 0),
  };
}

/**
 * Why the week gets no verdict, whatever its counts. What is not in force promises nothing, so that is asked before
 * whether the data are whole. Only whole weeks are scored: the first in force is the first to start at
 * `effectiveFrom` or later.
 */
function obstacleTo(
  week: Week,
  { pipeline }: Objective,
  { span }: Evaluation,
  { effectiveFrom, inForceFrom, coverage, asOf }: Scope,
): Judgement | null {
  if (week.start < inForceFrom) {
    return { verdict: "not_in_force", reason: { kind: "not_in_force", from: effectiveFrom } };
  }
  const gap = gapIn(coverage, pipeline.uuid, span(week), asOf);
  return gap === null ? null : insufficient(gap);
}
