import type { Objective } from "@runledger/config";
import { microsOf } from "../calendar/micros.ts";
import type { Week } from "../calendar/week.ts";
import type { DurationPoint, WeeklyReport } from "../report/weekly-report.ts";
import { gapIn } from "../doubt/history-coverage.ts";
import type { PipelineHistory } from "../kinds/evaluation.ts";
import {
  earlierTimeOf,
  hashesOfRuns,
  hashOfCounted,
  hashOfHistory,
  runEvidence,
  type EarlierTime,
  type PipelineEvidence,
} from "./run-evidence.ts";
import { earlier, later, type Interval } from "../calendar/interval.ts";
import { scoreObjective, type ObjectiveScore } from "./objective-score.ts";
import type { Runs } from "../runs/runs.ts";
import { scopeOf, type Scope } from "../scope/scope.ts";
import {
  furtherBack,
  runsNeeded,
  startOfWeekBefore,
  weeksBeforeAtFirst,
  type ScoringInput,
} from "../scope/scoring-input.ts";
import { weeklyDurations } from "./weekly-durations.ts";

export interface AgreementScore extends Pick<
  WeeklyReport,
  | "objectives"
  | "incidents"
  | "incidentsBefore"
  | "deadlines"
  | "freshnessGaps"
  | "runs"
  | "countedHash"
  | "trend"
  | "durations"
> {
  /** By pipeline UUID, of what is printed of its runs whatever is excluded. */
  runHashes: Record<string, string>;
  /** By pipeline UUID, of what its runs add to the figures of all 13 weeks. */
  historyHashes: Record<string, string>;
  /** By pipeline UUID, what of the time before the 13 weeks was looked at, latest first. */
  earlierTimes: Record<string, readonly EarlierTime[]>;
}

/** What one pipeline adds to an agreement's score: of its runs no more than the week's. */
export interface PipelineScore {
  objectives: readonly ObjectiveScore[];
  durations: readonly DurationPoint[];
  evidence: PipelineEvidence;
  historyHash: string;
  earlierTimes: readonly EarlierTime[];
  /** Whether an incident of the 13 weeks may have begun before the runs that were given, of which there are earlier ones. */
  needsEarlierRuns: boolean;
}

/**
 * Scores an agreement's objectives on a pipeline in one week, and the weeks before it. Of the pipeline's runs it needs
 * every one that finished in `runsNeeded` for so many weeks before; any others are not looked at. Where the score says
 * that it needs earlier ones, it is to be made again of those that more weeks before need.
 */
export function pipelineScorer(
  input: ScoringInput,
  weeksBefore = weeksBeforeAtFirst,
): (runs: Runs) => PipelineScore {
  const scope = scopeOf(input, startOfWeekBefore(input.week, weeksBefore));
  let allThatCounts: Scope | undefined;
  const wholeScope = () => (allThatCounts ??= scopeOf(input, new Date(0)));
  const { from } = runsNeeded(input, weeksBefore);
  const looked = runsNeeded(input, 0);
  const objectivesOn = Map.groupBy(input.agreement.objectives, ({ pipeline }) => pipeline.uuid);
  return (runs) => {
    const objectives = objectivesOn.get(runs.pipelineUuid) ?? [];
    const history = historyOf(runs, input, scope);
    const firstRunAt = input.firstRunAt.get(runs.pipelineUuid) ?? null;
    const hasEarlier = firstRunAt !== null && firstRunAt < microsOf(from);
    const scores = objectives.map((objective) =>
      scoreObjective(objective, history, scope, hasEarlier ? null : wholeScope),
    );
    return {
      objectives: scores,
      durations: weeklyDurations(history.runs, scope),
      evidence: {
        pipelineName: objectives[0]?.pipeline.name ?? "",
        runs: history.runs.between(scope.counted(scope.week)).detached(),
      },
      historyHash: hashOfHistory(history, { from: looked.from, through: lastDue(scores, scope.week) }),
      earlierTimes: timesBefore(input, scores.map(({ lookedFrom }) => lookedFrom).reduce(earlier)).map(
        (time) => earlierTimeOf(history.runs, time),
      ),
      needsEarlierRuns: scores.some(({ areOpeningsKnown }) => !areOpeningsKnown),
    };
  };
}

/**
 * The time before the 13 weeks from an instant on, latest first, in the parts in which runs are read: a part is the same
 * however far back it is looked.
 */
function timesBefore(input: ScoringInput, lookedFrom: Date): Interval[] {
  const times: Interval[] = [];
  let { from: end } = runsNeeded(input, 0);
  for (let weeks = weeksBeforeAtFirst; end > lookedFrom; weeks = furtherBack(weeks)) {
    const { from: start } = runsNeeded(input, weeks);
    if (start >= end) break;
    times.push({ start, end });
    end = start;
  }
  return times;
}

/** The end of the week, or of the grace that one of its deadlines still has then. */
function lastDue(scores: readonly ObjectiveScore[], { end }: Week): Date {
  return scores.flatMap(({ deadlines }) => deadlines.map(({ dueAt }) => dueAt)).reduce(later, end);
}

/**
 * The score of an agreement from those of its pipelines, given in the order of the objectives; incidents are those
 * that the week saw open, in order of opening.
 */
export function agreementScore(
  objectives: readonly Pick<Objective, "id">[],
  pipelines: readonly PipelineScore[],
): AgreementScore {
  const order = new Map(objectives.map(({ id }, index) => [id, index]));
  const placeOf = ({ result }: ObjectiveScore) => order.get(result.id) ?? 0;
  const scores = pipelines
    .flatMap((pipeline) => pipeline.objectives)
    .toSorted((a, b) => placeOf(a) - placeOf(b));
  const evidence = pipelines.map((pipeline) => pipeline.evidence);
  return {
    objectives: scores.map(({ result }) => result),
    incidents: scores.flatMap(({ incidents }) => incidents).toSorted((a, b) => a.openedAt - b.openedAt),
    incidentsBefore: scores.flatMap(({ incidentsBefore }) => incidentsBefore),
    deadlines: scores.flatMap(({ deadlines }) => deadlines),
    freshnessGaps: scores.flatMap(({ freshnessGaps }) => freshnessGaps),
    runs: runEvidence(evidence),
    countedHash: hashOfCounted(evidence),
    runHashes: hashesOfRuns(evidence),
    historyHashes: Object.fromEntries(
      pipelines.map(({ evidence: { runs }, historyHash }) => [runs.pipelineUuid, historyHash]),
    ),
    earlierTimes: Object.fromEntries(
      pipelines.map(({ evidence: { runs }, earlierTimes }) => [runs.pipelineUuid, earlierTimes]),
    ),
    trend: scores.flatMap(({ trend }) => trend),
    durations: pipelines.flatMap((pipeline) => pipeline.durations),
  };
}

/** Finds the exclusion that each of a pipeline's runs falls under. */
function historyOf(
  read: Runs,
  { latestSuccessBefore, coverage }: ScoringInput,
  { span, asOf, exclusions }: Scope,
): PipelineHistory {
  const { pipelineUuid } = read;
  const known = Math.min(
    microsOf(asOf),
    microsOf(coverage.syncedThrough.get(pipelineUuid) ?? coverage.historyStart),
  );
  return {
    runs: read.before(known + 1).excluding(exclusions),
    latestSuccessBefore: latestSuccessBefore.get(pipelineUuid) ?? null,
    isInDoubt: (time) => gapIn(coverage, pipelineUuid, time, asOf) !== null,
    knownUntil: Math.min(microsOf(span.end), known),
  };
}
