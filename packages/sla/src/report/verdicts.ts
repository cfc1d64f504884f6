import { VERDICTS, type Verdict } from "./vocabulary.ts";
import type { ObjectiveResult, Share, TrendPoint } from "./weekly-report.ts";

/** Most concerning verdict first, then the fastest burn of the error budget; equals keep their order. */
export function worstFirst(objectives: readonly ObjectiveResult[]): ObjectiveResult[] {
  return objectives.toSorted(
    (a, b) => VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict) || burn(b) - burn(a),
  );
}

/** At a target of 100 % there is no rate: any bad event spends more than everything. */
function burn(result: ObjectiveResult): number {
  const attained = attainedIn(result);
  if (result.burnRate !== null || attained === null) return result.burnRate ?? 0;
  return attained.good < attained.total ? Number.MAX_VALUE : 0;
}

/** Whether a week got a verdict. One that did not, for want of data or because nothing was in force, attained nothing. */
export function isScored({ verdict }: { verdict: Verdict }): boolean {
  return verdict !== "insufficient_data" && verdict !== "not_in_force";
}

/** The point of a trend that attained least, the earliest of equals; `null` where no week got a verdict on anything. */
export function lowestOf(points: readonly TrendPoint[]): TrendPoint | null {
  const fraction = ({ share: { good, total } }: TrendPoint) => good / total;
  const scored = points.filter((point) => isScored(point) && point.share.total > 0);
  return scored.toSorted((a, b) => fraction(a) - fraction(b))[0] ?? null;
}

/** What a week attained, to be quoted; `null` of one that got no verdict, whatever it counted. */
export function attainedIn({ share, verdict }: { share: Share; verdict: Verdict }): Share | null {
  return isScored({ verdict }) ? share : null;
}
