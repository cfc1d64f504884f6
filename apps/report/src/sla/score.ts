import type { WeeklyReport } from "../report-model.ts";
import { gapIn } from "./coverage.ts";
import type { PipelineHistory } from "./evaluation.ts";
import { runEvidence } from "./evidence.ts";
import { exclusionAt } from "./exclusions.ts";
import { contains, earlier } from "./interval.ts";
import { scoreObjective } from "./objective-score.ts";
import { byFinish } from "./run.ts";
import { scopeOf, type Scope } from "./scope.ts";
import type { ScoringInput } from "./scoring-input.ts";

export type AgreementScore = Pick<
  WeeklyReport,
  "objectives" | "incidents" | "deadlines" | "freshnessGaps" | "runs" | "trend"
>;

/** Scores an agreement's objectives in one week; incidents are those that have any of their time in it. */
export function scoreAgreement(input: ScoringInput): AgreementScore {
  const { objectives } = input.agreement;
  const scope = scopeOf(input);
  const histories = new Map<string, PipelineHistory>();
  const scores = objectives.map((objective) => {
    const { uuid } = objective.pipeline;
    const history = histories.get(uuid) ?? historyOf(uuid, input, scope);
    histories.set(uuid, history);
    return scoreObjective(objective, history, scope);
  });
  return {
    objectives: scores.map(({ result }) => result),
    incidents: scores
      .flatMap(({ incidents }) => incidents)
      .toSorted((a, b) => a.openedAt.getTime() - b.openedAt.getTime()),
    deadlines: scores.flatMap(({ deadlines }) => deadlines),
    freshnessGaps: scores.flatMap(({ freshnessGaps }) => freshnessGaps),
    runs: runEvidence(objectives, histories, input.week),
    trend: scores.flatMap(({ trend }) => trend),
  };
}

/** Puts a pipeline's runs in order of finish and finds the exclusion each falls under. */
function historyOf(
  pipelineUuid: string,
  { runsOf, latestSuccessBefore, coverage }: ScoringInput,
  { span, asOf, exclusions }: Scope,
): PipelineHistory {
  const throughAsOf = { start: span.start, end: new Date(asOf.getTime() + 1) };
  const runs = (runsOf.get(pipelineUuid) ?? [])
    .filter(({ finishedAt }) => contains(throughAsOf, finishedAt))
    .toSorted(byFinish)
    .map((run) => ({ run, exclusion: exclusionAt(exclusions, run.finishedAt) }));
  return {
    runs,
    latestSuccessBefore: latestSuccessBefore.get(pipelineUuid) ?? null,
    isInDoubt: (time) => gapIn(coverage, pipelineUuid, time, asOf) !== null,
    knownUntil: [span.end, asOf, coverage.syncedThrough.get(pipelineUuid) ?? span.start].reduce(earlier),
  };
}
