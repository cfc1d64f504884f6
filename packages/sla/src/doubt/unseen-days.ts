import type { Micros } from "../calendar/micros.ts";
import type { Interval } from "../calendar/interval.ts";
import type { Furthest } from "./outcome.ts";
import type { Runs } from "../runs/runs.ts";
import { fewestSuccesses, mostSuccesses, type Unseen } from "./unseen.ts";

/** A day of an objective that runs not seen, or seen in part, could turn from good to bad or the other way. */
export interface DayInDoubt {
  isGood: boolean;
  /** Of a bad day: successful runs that it lacks. Of a good one: successful runs that would have to be none of its. */
  needs: number;
  /** Of a good day: whether a run may also have finished after it, or only have failed. */
  canBeLeft: boolean;
  /** How much of the stretch is the day's. */
  length: Micros;
}

/** Days that a stretch of disputed days has to do with. */
export interface DaysInDoubt {
  unseen: Unseen;
  /** Stored runs of the stretch: any may be seen in part. */
  seen: { successes: number; all: number };
  length: Micros;
  days: readonly DayInDoubt[];
}

/** The most days that could be good though they read bad, and the most that could be bad though they read good. */
function turnedDays({ unseen, seen, days }: DaysInDoubt): { toGood: number; toBad: number } {
  const successes = mostSuccesses(unseen, seen);
  const needsOf = (isWanted: (day: DayInDoubt) => boolean) =>
    days
      .filter(isWanted)
      .map(({ needs }) => needs)
      .toSorted((a, b) => a - b);
  const onlyByFailing = needsOf(({ isGood, canBeLeft }) => isGood && !canBeLeft);
  const byEither = needsOf(({ isGood, canBeLeft }) => isGood && canBeLeft);
  const failures = Math.min(unseen.failures, unseen.spareRows);
  const turned = [0, ...onlyByFailing.map((_, index) => index + 1)].flatMap((count) => {
    const used = sumOf(onlyByFailing.slice(0, count));
    return used > failures ? [] : [count + reached(byEither, unseen.spareRows - used)];
  });
  return {
    toGood: reached(
      needsOf(({ isGood }) => !isGood),
      successes,
    ),
    toBad: Math.max(...turned),
  };
}

/**
 * The fewest days that read bad and must be good: none where successes not seen may have been at a time that is no bad
 * day's, or together on a day that still had too few. Else it is enough that one of the days had all that are left over.
 */
function certainlyGood({ unseen, length, days }: DaysInDoubt): number {
  const bad = days.filter(({ isGood }) => !isGood);
  const isElsewhere = sumOf(bad.map((day) => day.length)) < length;
  return !isElsewhere && fewestSuccesses(unseen) > sumOf(bad.map(({ needs }) => needs - 1)) ? 1 : 0;
}

/** The stored runs that finished in a time. */
export function seenIn(runs: Runs, time: Interval<Micros>): DaysInDoubt["seen"] {
  const seen = runs.between(time);
  return { successes: seen.countSuccessful(), all: seen.length };
}

/** Of an objective that counts days: `left` are those that it leaves out of its counts because they are in doubt. */
export function furthestOfDays(stretches: readonly DaysInDoubt[], left: number): Furthest {
  const turned = stretches.map(turnedDays);
  const toGood = sumOf(turned.map((each) => each.toGood));
  const toBad = sumOf(turned.map((each) => each.toBad)) - sumOf(stretches.map(certainlyGood));
  return (worth) => ({ bad: left + (worth.bad > 0 ? toBad : -toGood), total: left });
}

/** How many of the needs, the least first, can be met. */
function reached(needs: readonly number[], available: number): number {
  let left = available;
  const short = needs.findIndex((need) => (left -= need) < 0);
  return short === -1 ? needs.length : short;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
