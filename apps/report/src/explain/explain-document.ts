import type { Agreement, Objective, ObjectiveKind, ObjectiveOf } from "@runledger/config";
import {
  type ObjectiveResult,
  type RunEvidence,
  type TermsOf,
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

/** What the lists of a kind's evidence are made of. */
interface ListedEvidence<Kind extends ObjectiveKind> {
  /** Whether a run that counts is a bad one. Due days and stale times have lists of their own. */
  isBad: (run: RunEvidence, objective: ObjectiveOf<Kind>) => boolean;
  /** The days that count where all runs of a day are counted together. */
  countedDays: (terms: TermsOf<Kind>) => readonly string[] | null;
}

const kinds: { [Kind in ObjectiveKind]: ListedEvidence<Kind> } = {
  success: { isBad: (run) => !run.isSuccessful, countedDays: () => null },
  duration: {
    isBad: (run, { atMostMs, failed }) => (run.isSuccessful ? run.elapsedMs > atMostMs : failed === "count"),
    countedDays: () => null,
  },
  deadline: { isBad: () => false, countedDays: () => null },
  freshness: { isBad: () => false, countedDays: () => null },
  volume: { isBad: () => false, countedDays: ({ days }) => days },
};

function isBad<Kind extends ObjectiveKind>(run: RunEvidence, objective: ObjectiveOf<Kind>): boolean {
  return kinds[objective.kind].isBad(run, objective);
}

function countedDaysOf<Kind extends ObjectiveKind>(terms: TermsOf<Kind>): readonly string[] | null {
  return kinds[terms.kind].countedDays(terms);
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
  const counted = countedDaysOf(terms);
  if (counted === null) return [];
  const good = runs.filter((run) => run.isSuccessful);
  return localDays(calendar, timezone, week).map((day) => ({
    date: day.date,
    successfulRuns: good.filter((run) => contains(day, dateOf(run.finishedAt))).length,
    isCounted: counted.includes(day.date),
  }));
}
