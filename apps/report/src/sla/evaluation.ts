import type { Objective } from "@runledger/config";
import type { DeadlineDay, FreshnessGap, ObjectiveKind, Week } from "../report-model.ts";
import type { ObjectiveEvent } from "./event.ts";
import type { Interval } from "./interval.ts";
import { firstIndex, itemsIn } from "./in-order.ts";
import type { ExaminedRun, Run } from "./run.ts";
import type { Scope } from "./scope.ts";
import { tallyOf, type Tally } from "./tally.ts";

export type ObjectiveOf<Kind extends ObjectiveKind> = Extract<Objective, { kind: Kind }>;

/** What is known of an objective's pipeline. */
export interface PipelineHistory {
  /** In order of finish, none later than the report's as-of. */
  runs: readonly ExaminedRun[];
  /** Finish of the last successful run before the weeks looked at; `null` when there was none. */
  latestSuccessBefore: Date | null;
  /**
   * Whether runs of this time may be missing: then that there is none says nothing. A hole in the history is never
   * held against the pipeline.
   */
  isInDoubt: (span: Interval) => boolean;
  /** Up to when it is known whether there were runs, none later than the end of the weeks looked at or as-of. */
  knownUntil: Date;
}

/** What an objective makes of its pipeline's history: the same questions for every kind. */
export interface Evaluation {
  /** Counts that make one of what is printed: freshness counts milliseconds and prints seconds. */
  countsPerPrinted: number;
  /**
   * Whether a week with nothing to count is met: nothing was due, so nothing was missed. Without runs nothing can be
   * said of how runs go.
   */
  isMetByNothing: boolean;
  /** What incidents are made of: all that happened while the agreement was in force, in order of time. */
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

/** The evaluation of an objective whose events are runs: each of `runs` is one, at its finish. */
export function evaluateRuns(
  runs: readonly ExaminedRun[],
  isGood: (run: Run) => boolean,
  scope: Scope,
): Evaluation {
  const events = itemsIn(runs, ({ run }) => run.finishedAt, scope.span).map(({ run, exclusion }) => ({
    at: run.finishedAt,
    isGood: isGood(run),
    isExcluded: exclusion !== null,
    run,
  }));
  return {
    countsPerPrinted: 1,
    isMetByNothing: false,
    events: events.slice(firstIndex(events, ({ at }) => at >= scope.inForceFrom)),
    tally: (week) => tallyOf(itemsIn(events, ({ at }) => at, week)),
    span: (week) => week,
    deadlines: [],
    freshnessGaps: [],
  };
}
