import type { Objective } from "@runledger/config";
import type { Verdict } from "../report/vocabulary.ts";
import type { Reason } from "../report/weekly-report.ts";
import type { Budget } from "./error-budget.ts";
import type { Evaluation } from "../kinds/evaluation.ts";
import type { Tally } from "../kinds/good-and-total.ts";

export interface Judgement {
  verdict: Verdict;
  reason: Reason;
}

/** The verdict on a week that is in force and whole. */
export function judge(
  { countsPerPrinted, countsPerTold, isMetByNothing }: Evaluation,
  { share, excluded }: Tally,
  { isMet, isNearlySpent, allowedBad }: Budget,
  { minRuns }: Pick<Objective, "minRuns">,
): Judgement {
  const { good, total } = share;
  if (total === 0) {
    // One is the default and asks for no more than that there be something to judge by.
    const isMetNow = isMetByNothing && minRuns <= 1;
    return {
      verdict: isMetNow ? "met" : "insufficient_data",
      reason: { kind: "nothing", excluded: excluded / countsPerTold },
    };
  }
  const needed = minRuns * countsPerPrinted;
  if (total < needed) {
    return insufficient({ kind: "too_few", total: total / countsPerTold, needed: needed / countsPerTold });
  }

  const reason: Reason = {
    kind: "counted",
    bad: (total - good) / countsPerTold,
    total: total / countsPerTold,
    allowedBad: allowedBad / countsPerTold,
  };
  if (!isMet) return { verdict: "missed", reason };
  return { verdict: isNearlySpent ? "at_risk" : "met", reason };
}

export function insufficient(reason: Reason): Judgement {
  return { verdict: "insufficient_data", reason };
}
