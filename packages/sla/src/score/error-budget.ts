import type { Share, Target } from "../report/weekly-report.ts";

/** What a target leaves to fail, and how much of that has failed. */
export interface Budget {
  /** good / total >= target; true of nothing, which the verdict does not rest on. */
  isMet: boolean;
  /** Under a quarter of the budget is left. Never so at a target of 100 % that is met. */
  isNearlySpent: boolean;
  /** floor(total × (1 − target)) */
  allowedBad: number;
  /** 1 − burnRate; may be negative. `null` at a target of 100 % or with no data. */
  budgetLeft: number | null;
  /** (1 − attained) / (1 − target). `null` at a target of 100 % or with no data. */
  burnRate: number | null;
}

/**
 * All comparisons are of whole numbers, with both sides multiplied by total × denominator; only the two rates are
 * divided, once and last.
 *
 * @throws {RangeError} when a count or the target is not whole.
 */
export function budgetOf(share: Share, target: Target): Budget {
  const total = BigInt(share.total);
  const denominator = BigInt(target.denominator);
  const spent = (total - BigInt(share.good)) * denominator;
  const granted = total * (denominator - BigInt(target.numerator));
  return {
    isMet: spent <= granted,
    isNearlySpent: 4n * spent > 3n * granted,
    allowedBad: Number(granted / denominator),
    budgetLeft: ratio(granted - spent, granted),
    burnRate: ratio(spent, granted),
  };
}

function ratio(part: bigint, whole: bigint): number | null {
  return whole === 0n ? null : Number(part) / Number(whole);
}
