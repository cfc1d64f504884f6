import type { ObjectiveOf } from "@runledger/config";
import { dateOf, type Micros } from "../calendar/micros.ts";
import type { FreshnessGap } from "../report/weekly-report.ts";
import type { Evaluation, PipelineHistory } from "./evaluation.ts";
import type { Kind } from "./kind.ts";
import type { ObjectiveEvent } from "../runs/objective-event.ts";
import { firstIndex } from "../calendar/binary-search.ts";
import { inMicros, intersection, lengthOf, without, type Interval } from "../calendar/interval.ts";
import type { RunView } from "../runs/run-view.ts";
import type { Scope } from "../scope/scope.ts";
import { staleGaps, type StaleGap } from "./stale-gaps.ts";
import type { Tally } from "./good-and-total.ts";
import { seenIn } from "../doubt/unseen-days.ts";
import { furthestOfTime } from "../doubt/unseen-time.ts";

/** Time in which the latest successful run had finished at most so long ago. */
export const freshness: Kind<"freshness"> = {
  unit: "time",
  evaluate: evaluateFreshness,
  asksForHolidays: () => false,
  terms: () => ({ kind: "freshness" }),
};

function evaluateFreshness(
  objective: ObjectiveOf<"freshness">,
  { runs, latestSuccessBefore, isInDoubt, knownUntil }: PipelineHistory,
  { week, span, countsFrom, counted, exclusions }: Scope,
): Evaluation {
  const { maxAgeMs } = objective;
  // Before the first success ever, age counts from the day the promise was made, or from when anything is known.
  const origin = latestSuccessBefore ?? countsFrom;
  const gaps = staleGaps(runs, maxAgeMs, { start: origin, end: knownUntil });
  const looked = (time: Interval) => intersection(counted(time), { start: countsFrom, end: knownUntil });
  const excluded = exclusions.map(inMicros);
  const inWeek = looked(week);
  return {
    // Whole microseconds, so that sums and comparisons are exact.
    countsPerPrinted: 1_000_000,
    countsPerTold: 1000,
    isMetByNothing: true,
    events: gaps
      .filter(({ from, stale }) => !isInDoubt({ start: dateOf(from), end: dateAfter(stale.end) }))
      .flatMap((gap) => eventsOf(gap, without(intersection(gap.stale, looked(span)), excluded))),
    isGoodBefore: (instant) => runs.latestSuccessBefore(instant) !== null,
    tally: (each) => tallyTime(gaps, looked(each), excluded),
    span: (each) => each,
    furthest: (each, stretches) => {
      const inTime = looked(each);
      const staleIn = (all: readonly StaleGap[], time = inTime) =>
        gapsIn(all, time).flatMap((gap) =>
          without(intersection(gap.stale, intersection(time, inTime)), excluded),
        );
      const isCertain = ({ finishedAt }: RunView) =>
        stretches.every(({ start, end }) => !isIn({ start, end }, finishedAt));
      const certain = staleGaps(runs, maxAgeMs, { start: origin, end: knownUntil }, isCertain);
      return furthestOfTime(
        stretches.map((stretch) => {
          const time = inMicros(stretch);
          const reach = { start: time.start, end: time.end + maxAgeMs * 1000 };
          return { unseen: stretch.unseen, seen: seenIn(runs, time), time, stale: staleIn(gaps, reach) };
        }),
        { maxAge: maxAgeMs * 1000, staleByCertain: lengthOf(staleIn(certain)) - lengthOf(staleIn(gaps)) },
      );
    },
    deadlines: [],
    freshnessGaps: evidenceOf(objective, gapsIn(gaps, inWeek), inWeek, excluded),
  };
}

function isIn(time: Interval, instant: Micros): boolean {
  const { start, end } = inMicros(time);
  return instant >= start && instant < end;
}

/** The first millisecond that is no earlier. */
function dateAfter(instant: Micros): Date {
  return new Date(Math.ceil(instant / 1000));
}

/** In microseconds. */
function tallyTime(
  gaps: readonly StaleGap[],
  looked: Interval<Micros>,
  exclusions: readonly Interval<Micros>[],
): Tally {
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
function eventsOf(gap: StaleGap, [first]: readonly Interval<Micros>[]): ObjectiveEvent[] {
  if (first === undefined) return [];
  const events = [{ at: first.start, isGood: false, isExcluded: false, run: gap.firstFailure }];
  if (gap.to !== null) events.push({ at: gap.to, isGood: true, isExcluded: false, run: null });
  return events;
}

/** Gaps of the week, without those that exclusions take out altogether. */
function evidenceOf(
  { id, maxAgeMs }: ObjectiveOf<"freshness">,
  gaps: readonly StaleGap[],
  week: Interval<Micros>,
  exclusions: readonly Interval<Micros>[],
): FreshnessGap[] {
  return gaps
    .map(({ from, to, stale }) => ({
      objective: id,
      from,
      to,
      limitMs: maxAgeMs,
      breachMs: lengthOf(without(intersection(stale, week), exclusions)) / 1000,
    }))
    .filter(({ breachMs }) => breachMs > 0);
}

function gapsIn(gaps: readonly StaleGap[], { start, end }: Interval<Micros>): StaleGap[] {
  return gaps.slice(
    firstIndex(gaps, ({ stale }) => stale.end > start),
    firstIndex(gaps, ({ stale }) => stale.start >= end),
  );
}
