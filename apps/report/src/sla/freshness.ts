import type { FreshnessGap } from "../report-model.ts";
import type { Evaluation, ObjectiveOf, PipelineHistory } from "./evaluation.ts";
import type { ObjectiveEvent } from "./event.ts";
import { firstIndex } from "./in-order.ts";
import { earlier, intersection, later, lengthOf, without, type Interval } from "./interval.ts";
import type { Scope } from "./scope.ts";
import { staleGaps, type StaleGap } from "./stale-gaps.ts";
import type { Tally } from "./tally.ts";

/** Time in which the latest successful run had finished at most so long ago. */
export function evaluateFreshness(
  objective: ObjectiveOf<"freshness">,
  { runs, latestSuccessBefore, isInDoubt, knownUntil }: PipelineHistory,
  scope: Scope,
): Evaluation {
  const { maxAgeMs } = objective;
  // Before the first success ever, age counts from the day the promise was made, or from when anything is known.
  const origin = latestSuccessBefore ?? later(scope.inForceFrom, scope.coverage.historyStart);
  const gaps = staleGaps(runs, maxAgeMs, { start: origin, end: knownUntil });
  const inForce = { start: later(scope.span.start, scope.inForceFrom), end: knownUntil };
  return {
    // Whole milliseconds, so that sums and comparisons are exact.
    countsPerPrinted: 1000,
    isMetByNothing: true,
    events: gaps
      .filter(({ from, stale }) => !isInDoubt({ start: from, end: stale.end }))
      .flatMap((gap) => eventsOf(gap, intersection(gap.stale, inForce), scope)),
    tally: (week) => tallyTime(gaps, { start: week.start, end: earlier(week.end, knownUntil) }, scope),
    span: (week) => week,
    deadlines: [],
    freshnessGaps: evidenceOf(objective, gapsIn(gaps, scope.week), scope),
  };
}

/** In milliseconds. */
function tallyTime(gaps: readonly StaleGap[], looked: Interval, { exclusions }: Scope): Tally {
  const stale = gapsIn(gaps, looked).map((gap) => intersection(gap.stale, looked));
  const total = lengthOf([looked]);
  const counted = lengthOf(without(looked, exclusions));
  const countedStale = lengthOf(stale.flatMap((each) => without(each, exclusions)));
  return {
    share: { good: counted - countedStale, total: counted },
    raw: { good: total - lengthOf(stale), total },
    excluded: total - counted,
  };
}

/** A gap is bad from the first instant of it that counts, and good again at the success that ends it. */
function eventsOf(gap: StaleGap, stale: Interval, { exclusions }: Scope): ObjectiveEvent[] {
  const [first] = without(stale, exclusions);
  if (first === undefined) return [];
  const events = [{ at: first.start, isGood: false, isExcluded: false, run: gap.firstFailure }];
  if (gap.to !== null) events.push({ at: gap.to, isGood: true, isExcluded: false, run: null });
  return events;
}

/** Gaps of the week, without those that exclusions take out altogether. */
function evidenceOf(
  { id, maxAgeMs }: ObjectiveOf<"freshness">,
  gaps: readonly StaleGap[],
  { week, exclusions }: Scope,
): FreshnessGap[] {
  return gaps
    .map(({ from, to, stale }) => ({
      objective: id,
      from,
      to,
      limitMs: maxAgeMs,
      breachMs: lengthOf(without(intersection(stale, week), exclusions)),
    }))
    .filter(({ breachMs }) => breachMs > 0);
}

function gapsIn(gaps: readonly StaleGap[], { start, end }: Interval): StaleGap[] {
  return gaps.slice(
    firstIndex(gaps, ({ stale }) => stale.end > start),
    firstIndex(gaps, ({ stale }) => stale.start >= end),
  );
}
