import type { Micros } from "../calendar/micros.ts";
import type { Week } from "../calendar/week.ts";
import type { DeadlineDay, FreshnessGap } from "../report/weekly-report.ts";
import type { ObjectiveEvent } from "../runs/objective-event.ts";
import { inMicros, intersection, lengthOf, without, type Interval } from "../calendar/interval.ts";
import type { Furthest } from "../doubt/outcome.ts";
import type { RunView } from "../runs/run-view.ts";
import type { Runs } from "../runs/runs.ts";
import type { Scope } from "../scope/scope.ts";
import { count, emptyTally, type Tally } from "./good-and-total.ts";
import { furthestOfWeek, type RunRules, type RunsInDoubt, type SeenRuns } from "../doubt/unseen-runs.ts";
import type { CountedStretch } from "../doubt/unseen.ts";

/** What is known of an objective's pipeline. */
export interface PipelineHistory {
  /**
   * In order of finish, none later than as-of or than the pipeline is synced. There are some from before the time that
   * counts: they carry into it.
   */
  runs: Runs;
  /** Finish of the last successful run before `runs`, or of one of them; `null` when there was none. */
  latestSuccessBefore: Micros | null;
  /**
   * Whether runs of this time may be missing: then that there is none says nothing. A hole in the history is never
   * held against the pipeline.
   */
  isInDoubt: (span: Interval) => boolean;
  /** Up to when it is known whether there were runs: no later than the end of the weeks looked at or as-of. */
  knownUntil: Micros;
}

/** What an objective makes of its pipeline's history: the same questions for every kind. */
export interface Evaluation {
  /** Counts that make one of what is printed: freshness counts microseconds and prints seconds. */
  countsPerPrinted: number;
  /** Counts that make one of what reasons tell: of freshness they tell milliseconds. */
  countsPerTold: number;
  /**
   * Whether a week with nothing to count is met: nothing was due, so nothing was missed. Without runs nothing can be
   * said of how runs go.
   */
  isMetByNothing: boolean;
  /**
   * What incidents are made of: what happened in the time that counts and before the end of the week, in order of
   * time. Good runs that follow good ones are left out, and excluded ones: they make no difference to an incident.
   */
  events: readonly ObjectiveEvent[];
  /**
   * Whether something was good before an instant, in the time looked at: then it is known whether an incident was open
   * at that instant, and since when.
   */
  isGoodBefore: (instant: Micros) => boolean;
  /** Good and total of a week. */
  tally: (week: Week) => Tally;
  /** The time in which runs decide about the week. */
  span: (week: Week) => Interval;
  /** What the week's counts could be, given stretches of disputed days whose missing runs can be counted. */
  furthest: (week: Week, stretches: readonly CountedStretch[]) => Furthest;
  /** Of the report's week; empty for kinds that have no deadline. */
  deadlines: readonly DeadlineDay[];
  /** Of the report's week; empty for kinds that ask for no freshness. */
  freshnessGaps: readonly FreshnessGap[];
}

/** Whether a run is good; `null` when the run does not count. */
type IsGood = (run: RunView) => boolean | null;

/** The evaluation of an objective whose events are runs, each at its finish. */
export function evaluateRuns(
  history: PipelineHistory,
  isGood: IsGood,
  rules: RunRules,
  scope: Scope,
): Evaluation {
  return {
    countsPerPrinted: 1,
    countsPerTold: 1,
    isMetByNothing: false,
    events: turnsOf(history, isGood, scope.counted(scope.span)),
    isGoodBefore: (instant) =>
      isGoodIn(history, isGood, { start: scope.counted(scope.span).start, end: instant }),
    tally: (week) => tallyRuns(history, isGood, scope.counted(week)),
    span: (week) => week,
    furthest: (week, stretches) =>
      furthestOfWeek(
        stretches.map((stretch) => runsIn(stretch, { history, isGood, counted: scope.counted(week), scope })),
        rules,
      ),
    deadlines: [],
    freshnessGaps: [],
  };
}

/** The runs of a stretch, as a week counts them. */
function runsIn(
  stretch: CountedStretch,
  of: {
    history: PipelineHistory;
    isGood: IsGood;
    counted: Interval<Micros>;
    scope: Scope;
  },
): RunsInDoubt {
  const { history, isGood, counted, scope } = of;
  const { runs, knownUntil } = history;
  const { start, end } = inMicros(stretch);
  const inWeek = { start: counted.start, end: Math.min(counted.end, knownUntil) };
  const countedTime = lengthOf(without(intersection({ start, end }, inWeek), scope.exclusions.map(inMicros)));
  const seen = { counted: noRuns(), uncounted: noRuns() };
  for (const run of runs.between({ start, end })) {
    const counts = isIn(inWeek, run.finishedAt) && run.isCounted;
    const standing = run.isSuccessful ? (isGood(run) === true ? "good" : "slow") : "failed";
    seen[counts ? "counted" : "uncounted"][standing] += 1;
  }
  let following = 0;
  const dayAfter = intersection({ start: end, end: end + dayMicros }, inWeek);
  for (const run of runs.between(dayAfter)) {
    if (isGood(run) === true && run.isCounted) following += 1;
  }
  return {
    unseen: stretch.unseen,
    ...seen,
    following,
    someCounts: countedTime > 0,
    someDoesNot: countedTime < end - start,
  };
}

function noRuns(): SeenRuns {
  return { good: 0, slow: 0, failed: 0 };
}

function isIn({ start, end }: Interval<Micros>, instant: Micros): boolean {
  return instant >= start && instant < end;
}

const dayMicros = 86_400_000_000;

function tallyRuns({ runs }: PipelineHistory, isGood: IsGood, time: Interval<Micros>): Tally {
  const tally = emptyTally();
  for (const run of runs.between(time)) {
    const good = isGood(run);
    if (good !== null) count(tally, good, !run.isCounted);
  }
  return tally;
}

/**
 * Whether a counted run was good, of runs that finished at one instant the first: what comes after a bad one depends on
 * whether an incident was open before.
 */
function isGoodIn({ runs }: PipelineHistory, isGood: IsGood, time: Interval<Micros>): boolean {
  let previous = Number.NEGATIVE_INFINITY;
  for (const run of runs.between(time)) {
    if (run.finishedAt > previous && run.isCounted && isGood(run) === true) return true;
    previous = run.finishedAt;
  }
  return false;
}

/** The bad runs, and the good ones that follow them: an object for every run would take longer than all the rest. */
function turnsOf({ runs }: PipelineHistory, isGood: IsGood, time: Interval<Micros>): ObjectiveEvent[] {
  const events: ObjectiveEvent[] = [];
  let wasGood = true;
  for (const run of runs.between(time)) {
    const good = isGood(run);
    if (good === null || (good && wasGood) || !run.isCounted) continue;
    events.push({ at: run.finishedAt, isGood: good, isExcluded: false, run: run.failure() });
    wasGood = good;
  }
  return events;
}
