import type { WeeklyReport } from "../report-model.ts";
import { weekHolding } from "../week.ts";
import { runEvidence } from "./evidence.ts";
import { excludedIntervals, exclusionAt } from "./exclusions.ts";
import { scoreObjective } from "./objective-score.ts";
import { byFinish, type ExaminedRun } from "./run.ts";
import { trendWeeks, type ScoringInput } from "./scoring-input.ts";

export type AgreementScore = Pick<WeeklyReport, "objectives" | "incidents" | "runs" | "trend">;

/** Scores an agreement's objectives in one week; incidents are those that have any of their time in it. */
export function scoreAgreement(input: ScoringInput): AgreementScore {
  const { agreement, week } = input;
  const runsOf = examine(input);
  const scores = agreement.objectives.map((objective) =>
    scoreObjective(objective, runsOf.get(objective.pipeline.uuid) ?? [], input),
  );
  return {
    objectives: scores.map(({ result }) => result),
    incidents: scores
      .flatMap(({ incidents }) => incidents)
      .toSorted((a, b) => a.openedAt.getTime() - b.openedAt.getTime()),
    runs: runEvidence(agreement.objectives, runsOf, week),
    trend: scores.flatMap(({ trend }) => trend),
  };
}

/** Puts each pipeline's runs, which go on to `asOf`, in order of finish and finds the exclusion each falls under. */
function examine({ agreement, week, asOf, runsOf }: ScoringInput): Map<string, ExaminedRun[]> {
  const [first = week] = trendWeeks(week);
  const intervals = excludedIntervals(agreement.exclusions, agreement.timezone, {
    start: first.start,
    end: weekHolding(asOf, agreement.timezone).end,
  });
  return new Map(
    Array.from(runsOf, ([pipelineUuid, runs]) => [
      pipelineUuid,
      runs.toSorted(byFinish).map((run) => ({ run, exclusion: exclusionAt(intervals, run.finishedAt) })),
    ]),
  );
}
