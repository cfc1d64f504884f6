import type { Objective } from "@runledger/config";
import type { Verdict } from "../report-model.ts";
import type { Budget } from "./budget.ts";
import type { Evaluation } from "./evaluation.ts";
import type { Tally } from "./tally.ts";

export interface Judgement {
  verdict: Verdict;
  /** Why, in one line: "3 of 168 runs failed; 3 were allowed". */
  reason: string;
}

/** The verdict on a week that is in force and whole. */
export function judge(
  { unit, fault, isMetByNothing }: Evaluation,
  { share, excluded }: Tally,
  budget: Budget,
  { minRuns }: Pick<Objective, "minRuns">,
): Judgement {
  const { good, total } = share;
  const nothing =
    excluded === 0
      ? `there was no ${unit.name}`
      : `no ${unit.name} counted; ${unit.wasOrWere(excluded)} excluded`;

  // One is the default and asks for no more than that there be something to judge by.
  if (total === 0 && isMetByNothing && minRuns <= 1) return { verdict: "met", reason: nothing };
  if (total === 0) return insufficient(nothing);
  if (total < minRuns * unit.countsPerPrinted) {
    return insufficient(`${unit.whole(total)} counted; at least ${minRuns} are needed`);
  }

  const bad = unit.part(total - good);
  const reason = `${bad} of ${unit.whole(total)} ${fault}; ${unit.wasOrWere(budget.allowedBad)} allowed`;
  if (!budget.isMet) return { verdict: "missed", reason };
  return { verdict: budget.isNearlySpent ? "at_risk" : "met", reason };
}

export function insufficient(reason: string): Judgement {
  return { verdict: "insufficient_data", reason };
}
