import type { Furthest } from "./outcome.ts";
import { mostSuccesses, type Unseen } from "./unseen.ts";

/** A stretch of disputed days, as an objective that counts stale time sees it. */
export interface TimeInDoubt {
  unseen: Unseen;
  /** Stored runs of the stretch: any may be seen in part. */
  seen: { successes: number; all: number };
  /** Stale time of the week that a success in the stretch could have made fresh. */
  staleInReach: number;
}

/**
 * A success makes no more time fresh than the age that is allowed. `staleByCertain`: how much more would be stale if all
 * stored successes of the stretches were none.
 */
export function furthestOfTime(
  stretches: readonly TimeInDoubt[],
  { maxAge, staleByCertain }: { maxAge: number; staleByCertain: number },
): Furthest {
  let toFresh = 0;
  let fewer = 0;
  for (const { unseen, seen, staleInReach } of stretches) {
    toFresh += Math.min(mostSuccesses(unseen, seen) * maxAge, staleInReach);
    fewer += Math.min(unseen.spareRows, seen.successes);
  }
  const toStale = Math.min(fewer * maxAge, staleByCertain);
  return (worth) => ({ bad: worth.bad > 0 ? toStale : -toFresh, total: 0 });
}
