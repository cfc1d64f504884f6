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
  { unit, fault }: Evaluation,
  { share, excluded }: Tally,
  budget: Budget,
  minRuns: number,
): Judgement {
  const { good, total } = share;
  if (total === 0) {
    return insufficient(
      excluded === 0 ? `there was no ${unit}` : `no ${unit} counted; ${wasOrWere(excluded)} excluded`,
    );
  }
  if (total < minRuns) {
    return insufficient(`${count(total, unit)} counted; at least ${minRuns} are needed`);
  }

  const bad = total - good;
  const reason = `${bad || "none"} of ${count(total, unit)} ${fault}; ${wasOrWere(budget.allowedBad)} allowed`;
  if (!budget.isMet) return { verdict: "missed", reason };
  return { verdict: budget.isNearlySpent ? "at_risk" : "met", reason };
}

export function insufficient(reason: string): Judgement {
  return { verdict: "insufficient_data", reason };
}

function count(amount: number, unit: string): string {
  return `${amount} ${unit}${amount === 1 ? "" : "s"}`;
}

/** `none was`, `1 was`, `3 were` */
function wasOrWere(amount: number): string {
  return `${amount || "none"} ${amount > 1 ? "were" : "was"}`;
}
