import type { Agreement, Objective } from "@runledger/config";
import {
  type ObjectiveResult,
  type RunEvidence,
  type WeeklyReport,
  contains,
  dateOf,
  isoOf,
  isoOrNull,
  localDays,
} from "@runledger/sla";
import {
  toNote,
  toObjective,
  toShare,
  type ExplainDocument,
  type RunDocument,
} from "../json/report-documents.ts";

/** The figures that `explain` tells in words. */
export function explainDocument(
  report: WeeklyReport,
  agreement: Agreement,
  objective: Objective,
  result: ObjectiveResult,
): ExplainDocument {
  const { week, asOf, dataThrough, trend, deadlines, freshnessGaps, incidents, exclusions } = report;
  const isOurs = (of: { objective: string }): boolean => of.objective === result.id;
  const runs = Array.from(report.runs).filter(({ pipelineUuid }) => pipelineUuid === result.pipelineUuid);
  return {
    agreement: agreement.id,
    title: agreement.title,
    week: week.id,
    weekStart: week.start,
    weekEnd: week.end,
    timezone: week.timezone,
    asOf,
    dataThrough,
    ...toObjective(result),
    definition: result.definition,
    raw: toShare(result.raw, result.verdict),
    fourWeeks: {
      ...toShare(result.fourWeeks, null),
      weeks: trend
        .filter(isOurs)
        .slice(-4)
        .map(({ week: id, share, verdict }) => ({ week: id, ...toShare(share, verdict), verdict })),
    },
    runs: {
      finished: runs.length,
      failed: runs.filter((run) => !run.isSuccessful).length,
      excluded: runs.filter((run) => !run.isCounted).length,
    },
    badRuns: runs.filter((run) => run.isCounted && isBad(run, objective)).map(toRun),
    dueDays: deadlines
      .filter(isOurs)
      .map(({ objective: _objective, ...day }) => ({ ...day, completedAt: isoOrNull(day.completedAt) })),
    gaps: freshnessGaps
      .filter(isOurs)
      .map(({ objective: _objective, ...gap }) => ({ ...gap, from: isoOf(gap.from), to: isoOrNull(gap.to) })),
    days: daysOf(runs, agreement, result, week),
    exclusions: exclusions.map((time) => ({
      from: time.start,
      to: time.end,
      reason: time.reason,
      approvedBy: time.approvedBy,
      runsFinished: runs.filter(({ finishedAt }) => contains(time, dateOf(finishedAt))).length,
    })),
    incidents: incidents
      .filter(isOurs)
      .map(({ objective: _objective, pipelineUuid: _uuid, pipelineName: _name, ...incident }) => ({
        ...incident,
        openedAt: isoOf(incident.openedAt),
        closedAt: isoOrNull(incident.closedAt),
      })),
    recovery: result.recovery,
    notes: report.notes.map(toNote),
  };
}

/** Whether a run that counts is a bad one. Days and times have lists of their own. */
function isBad(run: RunEvidence, objective: Objective): boolean {
  switch (objective.kind) {
    case "success":
      return !run.isSuccessful;
    case "duration":
      return run.isSuccessful ? run.elapsedMs > objective.atMostMs : objective.failed === "count";
    default:
      return false;
  }
}

function toRun(run: RunEvidence): RunDocument {
  const { runUuid, startedAt, finishedAt, elapsedMs, isSuccessful, errorMessage } = run;
  const times = { startedAt: isoOf(startedAt), finishedAt: isoOf(finishedAt), elapsedMs };
  return { runUuid, ...times, isSuccessful, errorMessage };
}

function daysOf(
  runs: readonly RunEvidence[],
  { calendar, timezone }: Agreement,
  { terms }: ObjectiveResult,
  week: WeeklyReport["week"],
): ExplainDocument["days"] {
  if (terms.kind !== "volume") return [];
  const good = runs.filter((run) => run.isSuccessful);
  return localDays(calendar, timezone, week).map((day) => ({
    date: day.date,
    successfulRuns: good.filter((run) => contains(day, dateOf(run.finishedAt))).length,
    isCounted: terms.days.includes(day.date),
  }));
}
