import { isSelected, type LocalDay } from "../calendar/calendar-days.ts";
import { microsOf } from "../calendar/micros.ts";
import type { Evaluation, ObjectiveOf, PipelineHistory } from "./evaluation.ts";
import type { ObjectiveEvent } from "./event.ts";
import { itemsIn } from "./in-order.ts";
import { inMicros, without } from "./interval.ts";
import type { RunFailure } from "./run.ts";
import type { Runs } from "./runs.ts";
import type { Scope } from "./scope.ts";
import { tallyOf } from "./tally.ts";

/** Days with enough successful runs. A day counts when it is over, and not when it lacks runs that may be missing. */
export function evaluateVolume(
  { on, atLeast }: ObjectiveOf<"volume">,
  { runs, isInDoubt }: PipelineHistory,
  scope: Scope,
): Evaluation {
  const events = scope.days
    .filter((day) => isSelected(on, day) && day.end <= scope.asOf)
    .filter(({ start }) => microsOf(start) >= scope.countsFrom)
    .map((day) => ({ day, event: eventOf(day, runs, atLeast, scope) }))
    .filter(({ day, event }) => event.isGood || !isInDoubt(day))
    .map(({ event }) => event);
  return {
    countsPerPrinted: 1,
    countsPerTold: 1,
    isMetByNothing: true,
    events,
    tally: (week) => tallyOf(itemsIn(events, ({ at }) => at, inMicros(week))),
    span: (week) => week,
    deadlines: [],
    freshnessGaps: [],
  };
}

/** A day is an event at its start: what is bad is the whole day. Excluded runs count, a wholly excluded day does not. */
function eventOf(day: LocalDay, runs: Runs, atLeast: number, { exclusions }: Scope): ObjectiveEvent {
  let successes = 0;
  let firstFailure: RunFailure | null = null;
  const { start, end } = inMicros(day);
  const until = runs.firstFrom(end);
  for (let index = runs.firstFrom(start); index < until; index += 1) {
    if (runs.isSuccessful(index)) successes += 1;
    else firstFailure ??= runs.failure(index);
  }
  return {
    at: start,
    isGood: successes >= atLeast,
    isExcluded: without(day, exclusions).length === 0,
    run: firstFailure,
  };
}
