import type { Objective } from "@runledger/config";
import type { Week } from "../calendar/week.ts";
import type { Share, Target } from "../report/weekly-report.ts";
import { budgetOf, type Budget } from "./error-budget.ts";
import { gapIn, stretchesIn } from "../doubt/history-coverage.ts";
import { kindOf } from "../kinds/kind-of.ts";
import type { Evaluation } from "../kinds/evaluation.ts";
import type { Counts, Worth } from "../doubt/outcome.ts";
import type { Scope } from "../scope/scope.ts";
import type { Tally } from "../kinds/good-and-total.ts";
import { isCounted, totalOf } from "../doubt/unseen.ts";
import { insufficient, judge, type Judgement } from "./decide-verdict.ts";

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
  const judgement =
    obstacle === null
      ? judge(evaluation, tally, budget, objective)
      : (inDoubt(obstacle, { week, objective, evaluation, tally, scope }) ?? obstacle);
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
function obstacleTo(week: Week, objective: Objective, { span }: Evaluation, scope: Scope): Judgement | null {
  if (week.start < scope.inForceFrom) {
    return { verdict: "not_in_force", reason: { kind: "not_in_force", from: scope.effectiveFrom } };
  }
  if (!areDaysKnown(objective, scope)) return insufficient({ kind: "holidays_unknown" });
  const gap = gapIn(scope.coverage, objective.pipeline.uuid, span(week), scope.asOf);
  return gap === null ? null : insufficient(gap);
}

/** Whether it can be told which days the objective asks about. */
export function areDaysKnown(objective: Objective, { areHolidaysKnown }: Scope): boolean {
  return areHolidaysKnown || !kindOf(objective).asksForHolidays(objective);
}

/**
 * The verdict that every outcome would give, where only runs that can be counted are missing; `null` where outcomes
 * differ. Those with one verdict lie between straight lines, so it is enough to look at the furthest.
 */
function inDoubt(
  { reason }: Judgement,
  of: { week: Week; objective: Objective; evaluation: Evaluation; tally: Tally; scope: Scope },
): Judgement | null {
  const { week, objective, evaluation, tally, scope } = of;
  if (reason.kind !== "disputed") return null;
  const stretches = stretchesIn(scope.coverage, objective.pipeline.uuid, evaluation.span(week));
  const counted = stretches.filter(isCounted);
  if (counted.length < stretches.length) return null;

  const furthest = evaluation.furthest(week, counted);
  const outcomes = worthsOf(objective.target).map(furthest);
  const shares = outcomes.flatMap((change) => (change === null ? [] : [changed(tally.share, change)]));
  const [best, worst] = shares;
  if (best === undefined || worst === undefined || shares.length < outcomes.length) return null;
  const verdicts = shares.map(
    (share) => judge(evaluation, { ...tally, share }, budgetOf(share, objective.target), objective).verdict,
  );
  const [verdict] = verdicts;
  if (verdict === undefined || verdict === "insufficient_data") return null;
  if (verdicts.some((each) => each !== verdict)) return null;
  const told = ({ good, total }: Share) => ({
    bad: (total - good) / evaluation.countsPerTold,
    total: total / evaluation.countsPerTold,
  });
  return {
    verdict,
    reason: {
      kind: "in_doubt",
      verdict,
      days: reason.days,
      ...totalOf(counted.map(({ unseen }) => unseen)),
      best: told(best),
      worst: told(worst),
    },
  };
}

/** What sets verdicts apart: whether the target is met, whether little of the budget is left, how much there is. */
function worthsOf({ numerator, denominator }: Target): Worth[] {
  const allowed = denominator - numerator;
  return [
    { bad: -denominator, total: allowed },
    { bad: denominator, total: -allowed },
    { bad: -4 * denominator, total: 3 * allowed },
    { bad: 4 * denominator, total: -3 * allowed },
    { bad: 0, total: 1 },
    { bad: 0, total: -1 },
  ];
}

function changed({ good, total }: Share, change: Counts): Share {
  return { good: good + change.total - change.bad, total: total + change.total };
}
