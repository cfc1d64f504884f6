import type { Objective } from "@runledger/config";
import type { Micros } from "../calendar/micros.ts";
import type { DeadlineDay, FreshnessGap, ObjectiveKind, Week } from "../report-model.ts";
import type { ObjectiveEvent } from "./event.ts";
import type { Interval } from "./interval.ts";
import type { Runs } from "./runs.ts";
import type { Scope } from "./scope.ts";
import { count, emptyTally, type Tally } from "./tally.ts";

export type ObjectiveOf<Kind extends ObjectiveKind> = Extract<Objective, { kind: Kind }>;

/** What is known of an objective's pipeline. */
export interface PipelineHistory {
  /**
   * In order of finish, none later than as-of or than the pipeline is synced. There are some from before the time that
   * counts: they carry into it.
   */
  runs: Runs;
  /** By index of the run: the number of the exclusion that its finish lies in, from 1 on; 0 when the run counts. */
  exclusionOf: Uint32Array;
  /** Finish of the last successful run before the weeks looked at; `null` when there was none. */
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
  /** Good and total of a week. */
  tally: (week: Week) => Tally;
  /** The time in which runs decide about the week. */
  span: (week: Week) => Interval;
  /** Of the report's week; empty for kinds that have no deadline. */
  deadlines: readonly DeadlineDay[];
  /** Of the report's week; empty for kinds that ask for no freshness. */
  freshnessGaps: readonly FreshnessGap[];
}

/**
 * The evaluation of an objective whose events are runs, each at its finish. `isGood` says it of the run at an index;
 * `null` of one that is nothing to the objective.
 */
export function evaluateRuns(
  history: PipelineHistory,
  isGood: (index: number) => boolean | null,
  scope: Scope,
): Evaluation {
  return {
    countsPerPrinted: 1,
    countsPerTold: 1,
    isMetByNothing: false,
    events: turnsOf(history, isGood, scope.counted(scope.span)),
    tally: (week) => tallyRuns(history, isGood, scope.counted(week)),
    span: (week) => week,
    deadlines: [],
    freshnessGaps: [],
  };
}

function tallyRuns(
  { runs, exclusionOf }: PipelineHistory,
  isGood: (index: number) => boolean | null,
  { start, end }: Interval<Micros>,
): Tally {
  const tally = emptyTally();
  const until = runs.firstFrom(end);
  for (let index = runs.firstFrom(start); index < until; index += 1) {
    const good = isGood(index);
    if (good !== null) count(tally, good, exclusionOf[index] !== 0);
  }
  return tally;
}

/** The bad runs, and the good ones that follow them: an object for every run would take longer than all the rest. */
function turnsOf(
  { runs, exclusionOf }: PipelineHistory,
  isGood: (index: number) => boolean | null,
  { start, end }: Interval<Micros>,
): ObjectiveEvent[] {
  const events: ObjectiveEvent[] = [];
  const until = runs.firstFrom(end);
  let wasGood = true;
  for (let index = runs.firstFrom(start); index < until; index += 1) {
    const good = isGood(index);
    if (good === null || (good && wasGood) || exclusionOf[index] !== 0) continue;
    events.push({ at: runs.finishedAt(index), isGood: good, isExcluded: false, run: runs.failure(index) });
    wasGood = good;
  }
  return events;
}
