import type { Objective } from "@runledger/config";
import type { Week } from "../calendar/week.ts";
import type {
  DeadlineDay,
  FreshnessGap,
  Incident,
  ObjectiveResult,
  Share,
  TrendPoint,
} from "../report/weekly-report.ts";
import type { PipelineHistory } from "../kinds/evaluation.ts";
import { incidentsIn, incidentsOf, type OpenedIncident } from "./incidents.ts";
import { inMicros } from "../calendar/interval.ts";
import { kindOf } from "../kinds/kind-of.ts";
import { microsOf } from "../calendar/micros.ts";
import { recoveryOf } from "./recovery.ts";
import type { Scope } from "../scope/scope.ts";
import { isScored } from "../report/verdicts.ts";
import { areDaysKnown, pool, scoreWeek } from "./week-score.ts";

export interface ObjectiveScore {
  result: ObjectiveResult;
  /** Those that the week saw open. */
  incidents: Incident[];
  /** Those that were closed in the 13 weeks, and before the week. */
  incidentsBefore: OpenedIncident[];
  /** Whether it is known when each of them began: no runs but those given can tell. */
  areOpeningsKnown: boolean;
  /** From when on it was looked for incidents. */
  lookedFrom: Date;
  deadlines: readonly DeadlineDay[];
  freshnessGaps: readonly FreshnessGap[];
  trend: TrendPoint[];
}

/**
 * Scores one objective. An incident that opened before the agreement was in force shows from then on. One that may have
 * opened before the time looked at is followed through `wholeScope`, all that counts; `null` where that has runs that are
 * not given.
 */
export function scoreObjective(
  objective: Objective,
  history: PipelineHistory,
  scope: Scope,
  wholeScope: (() => Scope) | null,
): ObjectiveScore {
  const { id, pipeline, target, minRuns: _, ...definition } = objective;

  // A day that may be a holiday is never held against the pipeline.
  const isInDoubt = areDaysKnown(objective, scope) ? history.isInDoubt : () => true;
  const kind = kindOf(objective);
  const known = { ...history, isInDoubt };
  const evaluation = kind.evaluate(objective, known, scope);
  const { countsPerPrinted } = evaluation;
  const printed = ({ good, total }: Share): Share => ({
    good: good / countsPerPrinted,
    total: total / countsPerPrinted,
  });

  const scoreOf = (week: Week) => scoreWeek(week, objective, evaluation, scope);
  const earlier = scope.weeks.slice(0, -1).map(scoreOf);
  const current = scoreOf(scope.week);
  const scores = [...earlier, current];
  const previous = earlier.at(-1);
  const [first = scope.week] = scope.weeks;
  const start = microsOf(first.start);
  const isFollowed = microsOf(scope.span.start) <= scope.countsFrom || evaluation.isGoodBefore(start);
  const looked = isFollowed || wholeScope === null ? scope : wholeScope();
  const { events } = looked === scope ? evaluation : kind.evaluate(objective, known, looked);
  const incidents = incidentsOf(objective, events, scope.taskNames).filter(
    ({ closedAt }) => closedAt === null || closedAt >= start,
  );
  const week = inMicros(scope.week);

  return {
    result: {
      id,
      pipelineUuid: pipeline.uuid,
      pipelineName: pipeline.name,
      kind: definition.kind,
      definition,
      target,
      share: printed(current.share),
      raw: printed(current.raw),
      excluded: current.excluded / countsPerPrinted,
      allowedBad: Math.floor(current.allowedBad / countsPerPrinted),
      budgetLeft: isScored(current) ? current.budgetLeft : null,
      burnRate: isScored(current) ? current.burnRate : null,
      fourWeeks: printed(pool(scores.slice(-4))),
      previous: previous !== undefined && isScored(previous) ? printed(previous.share) : null,
      verdict: current.verdict,
      reason: current.reason,
      recovery: recoveryOf(incidents),
      terms: kind.terms(objective, evaluation, scope),
    },
    incidents: incidentsIn(incidents, week, history.knownUntil),
    incidentsBefore: incidents.filter(({ closedAt }) => closedAt !== null && closedAt < week.start),
    areOpeningsKnown: isFollowed || wholeScope !== null,
    lookedFrom: looked.span.start,
    deadlines: evaluation.deadlines,
    freshnessGaps: evaluation.freshnessGaps,
    trend: scores.map(({ week: { id: weekId }, share, verdict }) => ({
      week: weekId,
      objective: id,
      share: printed(share),
      verdict,
    })),
  };
}
