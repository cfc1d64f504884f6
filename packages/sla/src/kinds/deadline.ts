import type { ObjectiveOf } from "@runledger/config";
import { microsOf, type Micros } from "../calendar/micros.ts";
import type { Week } from "../calendar/week.ts";
import type { DeadlineStatus } from "../report/vocabulary.ts";
import type { DeadlineDay } from "../report/weekly-report.ts";
import { deadlineWindows, type DeadlineWindow } from "../scope/deadline-windows.ts";
import type { Evaluation, PipelineHistory } from "./evaluation.ts";
import type { Kind } from "./kind.ts";
import { isAnyGoodBefore, type ObjectiveEvent } from "../runs/objective-event.ts";
import { exclusionAt } from "../scope/exclusions.ts";
import { contains, earlier, inMicros, intersection, later, type Interval } from "../calendar/interval.ts";
import type { Run, RunFailure } from "../runs/run.ts";
import type { Runs } from "../runs/runs.ts";
import type { Scope } from "../scope/scope.ts";
import { tallyOf } from "./good-and-total.ts";
import { furthestOfDays, seenIn, type DayInDoubt, type DaysInDoubt } from "../doubt/unseen-days.ts";
import type { CountedStretch } from "../doubt/unseen.ts";

/** Due days on which a successful run finished in time. */
export const deadline: Kind<"deadline"> = {
  unit: "days",
  evaluate: evaluateDeadline,
  // Nothing is due on a holiday, whatever days it names.
  asksForHolidays: () => true,
  terms: () => ({ kind: "deadline" }),
};

function evaluateDeadline(
  objective: ObjectiveOf<"deadline">,
  history: PipelineHistory,
  scope: Scope,
): Evaluation {
  // Runs before the week's end may serve the day after it already, and close an incident.
  const days = deadlineWindows(objective, [...scope.days, ...scope.dayAfter], scope.instantAt)
    .filter(({ by }) => by >= scope.inForceFrom)
    .map((window) => dayOf(window, history, scope));
  const daysOf = (week: Week) => days.filter(({ by }) => contains(week, by));
  const end = microsOf(scope.span.end);
  const events = days
    .filter(({ by, isGood, isPending }) => (isGood && microsOf(by) >= scope.countsFrom) || !isPending)
    .map(eventOf)
    .filter(({ at }) => at < end);
  return {
    countsPerPrinted: 1,
    countsPerTold: 1,
    isMetByNothing: true,
    events,
    isGoodBefore: (instant) => isAnyGoodBefore(events, instant),
    tally: (week) => tallyOf(daysOf(week).filter(({ isPending }) => !isPending)),
    span: (week) => spanOf(week, daysOf(week)),
    furthest: (week, stretches) => {
      const due = daysOf(week).filter((day) => !day.isExcluded && isDue(day, scope));
      return furthestOfDays(
        stretches.map((stretch) => daysInDoubt(due, stretch, history.runs)),
        due.filter(({ isPending }) => isPending).length,
      );
    },
    deadlines: daysOf(scope.week).map((day) => evidenceOf(day, objective.id)),
    freshnessGaps: [],
  };
}

interface Day extends DeadlineWindow {
  /** The first success of the window. */
  completion: Run | null;
  /** How many runs the window has up to the first success, in all where there is none. */
  attempts: number;
  firstFailure: RunFailure | null;
  isGood: boolean;
  isExcluded: boolean;
  /** It is not due yet, or whether it was served is in doubt. */
  isPending: boolean;
}

/**
 * After the report's week has ended a run can still be on time for its last day, by the grace. Other runs that finish
 * later are not looked at: a closed week reads the same whenever it is printed.
 */
function dayOf(window: DeadlineWindow, { runs, isInDoubt }: PipelineHistory, scope: Scope): Day {
  const { opens, by, due, closes } = window;
  const inTime = microsOf(due) + 1;
  const served = servingRuns(runs, {
    start: microsOf(opens),
    end: Math.min(microsOf(closes), Math.max(microsOf(scope.week.end), inTime)),
  });
  const { completion } = served;
  const isGood = completion !== null && completion.finishedAt < inTime;
  return {
    ...window,
    ...served,
    isGood,
    isExcluded: exclusionAt(scope.exclusions, by) !== null,
    isPending: !isDue(window, scope) || (!isGood && isInDoubt({ start: opens, end: earlier(due, closes) })),
  };
}

/** Whether the day is over, and in the time that counts. */
function isDue({ by, due }: DeadlineWindow, { asOf, countsFrom }: Scope): boolean {
  return due <= asOf && microsOf(by) >= countsFrom;
}

/** The due days that have to do with a stretch of disputed days. */
function daysInDoubt(due: readonly Day[], stretch: CountedStretch, runs: Runs): DaysInDoubt {
  const { start, end } = inMicros(stretch);
  return {
    unseen: stretch.unseen,
    seen: seenIn(runs, { start, end }),
    length: end - start,
    days: due.flatMap<DayInDoubt>(({ opens, due: dueAt, closes, isGood }) => {
      const inTime = { start: microsOf(opens), end: Math.min(microsOf(dueAt) + 1, microsOf(closes)) };
      const both = intersection(inTime, { start, end });
      if (both.start >= both.end) return [];
      if (!isGood) return [{ isGood, needs: 1, canBeLeft: false, length: both.end - both.start }];
      const { successes: needs } = seenIn(runs, both);
      // Others than those of the stretch are certain.
      if (needs < seenIn(runs, inTime).successes) return [];
      return [{ isGood, needs, canBeLeft: end > inTime.end, length: both.end - both.start }];
    }),
  };
}

/** Looks at the runs that finished in a time up to the first success. */
function servingRuns(
  runs: Runs,
  time: Interval<Micros>,
): Pick<Day, "completion" | "attempts" | "firstFailure"> {
  let attempts = 0;
  let firstFailure: RunFailure | null = null;
  for (const run of runs.between(time)) {
    attempts += 1;
    if (run.isSuccessful) return { completion: run.toRun(), attempts, firstFailure };
    firstFailure ??= run.failure();
  }
  return { completion: null, attempts, firstFailure };
}

/** A good day is good from its success on; a bad one is bad when no run can be on time for it any more. */
function eventOf({ completion, firstFailure, isGood, isExcluded, due, closes }: Day): ObjectiveEvent {
  return {
    at: isGood && completion !== null ? completion.finishedAt : microsOf(earlier(due, closes)),
    isGood,
    isExcluded,
    run: firstFailure,
  };
}

/** The week, and what the windows of its days have beyond it. */
function spanOf(week: Week, days: readonly Day[]): Interval {
  return {
    start: days.reduce((start, { opens }) => earlier(start, opens), week.start),
    end: days.reduce((end, { due, closes }) => later(end, earlier(due, closes)), week.end),
  };
}

function evidenceOf(day: Day, objective: string): DeadlineDay {
  const { date, opens, due, completion, attempts } = day;
  const completedAt = completion?.finishedAt ?? null;
  return {
    objective,
    date,
    opensAt: opens,
    dueAt: due,
    completedAt,
    lateByMs: completedAt === null || day.isGood ? null : (completedAt - microsOf(due)) / 1000,
    status: statusOf(day),
    attempts,
    runUuid: completion?.runUuid ?? null,
  };
}

function statusOf({ isExcluded, isPending, isGood, completion, attempts }: Day): DeadlineStatus {
  if (isExcluded) return "excused";
  if (isPending) return "pending";
  if (isGood) return "on_time";
  if (completion !== null) return "late";
  return attempts > 0 ? "missed" : "no_run";
}
