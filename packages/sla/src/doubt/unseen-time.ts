import type { Interval } from "../calendar/interval.ts";
import type { Micros } from "../calendar/micros.ts";
import { leastCovered, mostCovered } from "./covered-time.ts";
import type { Furthest } from "./outcome.ts";
import { fewestSuccesses, mostSuccesses, type Unseen } from "./unseen.ts";

/** A stretch of disputed days, as an objective that counts stale time sees it. */
export interface TimeInDoubt {
  unseen: Unseen;
  /** Stored runs of the stretch: any may be seen in part. */
  seen: { successes: number; all: number };
  /** The stretch. */
  time: Interval<Micros>;
  /** Stale time of the week that a success in the stretch could have made fresh, in order and without overlap. */
  stale: readonly Interval<Micros>[];
}

/**
 * A success makes fresh what follows it, for as long as data may age. `staleByCertain`: how much more would be stale if
 * all stored successes of the stretches were none.
 */
export function furthestOfTime(
  stretches: readonly TimeInDoubt[],
  { maxAge, staleByCertain }: { maxAge: Micros; staleByCertain: Micros },
): Furthest {
  let toFresh = 0;
  let fewer = 0;
  // What successes of several stretches make fresh may be the same time.
  let certainlyFresh = 0;
  for (const { unseen, seen, time, stale } of stretches) {
    toFresh += mostCovered(stale, time, maxAge, mostSuccesses(unseen, seen));
    fewer += Math.min(unseen.spareRows, seen.successes);
    if (fewestSuccesses(unseen) > 0) {
      certainlyFresh = Math.max(certainlyFresh, leastCovered(stale, time, maxAge));
    }
  }
  const toStale = fewer === 0 ? 0 : Math.min(fewer * maxAge, staleByCertain);
  return (worth) => ({ bad: worth.bad > 0 ? toStale - certainlyFresh : -toFresh, total: 0 });
}
