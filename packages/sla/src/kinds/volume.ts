import type { ObjectiveOf } from "@runledger/config";
import { isSelected, type LocalDay } from "../calendar/calendar-days.ts";
import { dateOf, microsOf } from "../calendar/micros.ts";
import { dateAt } from "../calendar/calendar-date.ts";
import type { Evaluation, PipelineHistory } from "./evaluation.ts";
import type { Kind } from "./kind.ts";
import { isAnyGoodBefore, type ObjectiveEvent } from "../runs/objective-event.ts";
import { itemsIn } from "../calendar/binary-search.ts";
import { inMicros, intersection, lengthOf, without } from "../calendar/interval.ts";
import type { RunFailure } from "../runs/run.ts";
import type { Runs } from "../runs/runs.ts";
import type { Scope } from "../scope/scope.ts";
import { tallyOf } from "./good-and-total.ts";
import { furthestOfDays, seenIn, type DayInDoubt, type DaysInDoubt } from "../doubt/unseen-days.ts";
import type { CountedStretch } from "../doubt/unseen.ts";

/** Days with enough successful runs. A day counts when it is over, and not when it lacks runs that may be missing. */
export const volume: Kind<"volume"> = {
  unit: "days",
  evaluate: evaluateVolume,
  asksForHolidays: ({ on }) => on.kind === "workdays",
  terms: ({ atLeast }, { events }, { week }) => ({
    kind: "volume",
    atLeast,
    days: itemsIn(events, ({ at }) => at, inMicros(week))
      .filter(({ isExcluded }) => !isExcluded)
      .map(({ at }) => dateAt(dateOf(at), week.timezone)),
  }),
};

function evaluateVolume(
  { on, atLeast }: ObjectiveOf<"volume">,
  { runs, isInDoubt }: PipelineHistory,
  scope: Scope,
): Evaluation {
  const days = scope.days
    .filter((day) => isSelected(on, day) && day.end <= scope.asOf)
    .filter(({ start }) => microsOf(start) >= scope.countsFrom)
    .map((day) => ({ ...day, event: eventOf(day, runs, atLeast, scope) }));
  const isLeft = (day: VolumeDay) => !day.event.isGood && isInDoubt(day);
  const events = days.filter((day) => !isLeft(day)).map(({ event }) => event);
  return {
    countsPerPrinted: 1,
    countsPerTold: 1,
    isMetByNothing: true,
    events,
    isGoodBefore: (instant) => isAnyGoodBefore(events, instant),
    tally: (week) => tallyOf(itemsIn(events, ({ at }) => at, inMicros(week))),
    span: (week) => week,
    furthest: (week, stretches) => {
      const asked = itemsIn(days, ({ event }) => event.at, inMicros(week)).filter(
        ({ event }) => !event.isExcluded,
      );
      return furthestOfDays(
        stretches.map((stretch) => daysInDoubt(asked, stretch, runs, atLeast)),
        asked.filter(isLeft).length,
      );
    },
    deadlines: [],
    freshnessGaps: [],
  };
}

interface VolumeDay extends LocalDay {
  event: ObjectiveEvent;
}

/** The days that have to do with a stretch of disputed days. */
function daysInDoubt(
  days: readonly VolumeDay[],
  stretch: CountedStretch,
  runs: Runs,
  atLeast: number,
): DaysInDoubt {
  const disputed = inMicros(stretch);
  return {
    unseen: stretch.unseen,
    seen: seenIn(runs, disputed),
    length: lengthOf([disputed]),
    days: days.flatMap<DayInDoubt>(({ event: { isGood }, ...local }) => {
      const day = inMicros(local);
      const both = intersection(day, disputed);
      if (both.start >= both.end) return [];
      const length = lengthOf([both]);
      const { successes } = seenIn(runs, day);
      if (!isGood) return [{ isGood, needs: atLeast - successes, canBeLeft: false, length }];
      const needs = successes - atLeast + 1;
      return needs > seenIn(runs, both).successes
        ? []
        : [{ isGood, needs, canBeLeft: disputed.end > day.end, length }];
    }),
  };
}

/** A day is an event at its start: what is bad is the whole day. Excluded runs count, a wholly excluded day does not. */
function eventOf(day: LocalDay, runs: Runs, atLeast: number, { exclusions }: Scope): ObjectiveEvent {
  let successes = 0;
  let firstFailure: RunFailure | null = null;
  for (const run of runs.between(inMicros(day))) {
    if (run.isSuccessful) successes += 1;
    else firstFailure ??= run.failure();
  }
  return {
    at: microsOf(day.start),
    isGood: successes >= atLeast,
    isExcluded: without(day, exclusions).length === 0,
    run: firstFailure,
  };
}
