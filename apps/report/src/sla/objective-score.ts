import type { Objective } from "@runledger/config";
import { midnightOf } from "../local-time.ts";
import type { Incident, ObjectiveResult, Share, TrendPoint, Week } from "../report-model.ts";
import { incidentsOf, overlaps } from "./incidents.ts";
import { evaluate } from "./kinds.ts";
import type { ExaminedRun } from "./run.ts";
import { trendWeeks, type ScoringInput } from "./scoring-input.ts";
import { pool, scoreWeek, type WeekScore } from "./week-score.ts";

interface ObjectiveScore {
  result: ObjectiveResult;
  /** Those that have any of their time in the week. */
  incidents: Incident[];
  trend: TrendPoint[];
}

/**
 * Scores one objective. `runs` are those of its pipeline, in order of finish.
 *
 * Incidents are made of events from `effectiveFrom` on; one that opened before the weeks looked at shows from their
 * start.
 */
export function scoreObjective(
  objective: Objective,
  runs: readonly ExaminedRun[],
  input: ScoringInput,
): ObjectiveScore {
  const { id, kind, pipeline, target } = objective;
  const { agreement, week, taskNames } = input;

  const evaluation = evaluate(objective, runs);
  const scoreOf = (each: Week) => scoreWeek(each, objective, evaluation, input);
  const earlier = trendWeeks(week).slice(0, -1).map(scoreOf);
  const current = scoreOf(week);
  const scores = [...earlier, current];

  const inForceFrom = midnightOf(agreement.effectiveFrom, agreement.timezone);
  const eventsInForce = evaluation.events.filter(({ at }) => at >= inForceFrom);
  const incidents = incidentsOf(objective, eventsInForce, taskNames);

  return {
    result: {
      id,
      pipelineUuid: pipeline.uuid,
      pipelineName: pipeline.name,
      kind,
      definition: evaluation.definition,
      target,
      share: current.share,
      raw: current.raw,
      excluded: current.excluded,
      allowedBad: current.allowedBad,
      budgetLeft: current.budgetLeft,
      burnRate: current.burnRate,
      fourWeeks: pool(scores.slice(-4)),
      previous: scoredShare(earlier.at(-1)),
      verdict: current.verdict,
      reason: current.reason,
    },
    incidents: incidents.filter((incident) => overlaps(incident, week)),
    trend: scores.map((score) => ({
      week: score.week.id,
      objective: id,
      share: score.share,
      verdict: score.verdict,
    })),
  };
}

function scoredShare(score: WeekScore | undefined): Share | null {
  const isScored =
    score !== undefined && score.verdict !== "insufficient_data" && score.verdict !== "not_in_force";
  return isScored ? score.share : null;
}
