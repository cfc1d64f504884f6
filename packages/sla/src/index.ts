export type { ObjectiveKind } from "@runledger/config";
export { daysAfter, weekdayOf } from "./calendar/calendar-date.ts";
export { type LocalDay, isSelected, localDays } from "./calendar/calendar-days.ts";
export { contains, without } from "./calendar/interval.ts";
export { instantOf, midnightOf } from "./calendar/local-time.ts";
export { type Micros, dateOf, isoOf, isoOrNull, microsOf } from "./calendar/micros.ts";
export {
  InvalidWeekError,
  type Week,
  checkWeek,
  closesAt,
  lastClosedWeek,
  previousWeeks,
  weekHolding,
  weekOf,
} from "./calendar/week.ts";
export { type Coverage } from "./doubt/history-coverage.ts";
export { type DayCounts } from "./doubt/unseen.ts";
export { type Unit } from "./kinds/kind.ts";
export { unitOf } from "./kinds/kind-of.ts";
export { makeReport } from "./make/make-report.ts";
export { syncedSoFar } from "./make/synced-so-far.ts";
export { changesBetween, type Figures } from "./report/figure-changes.ts";
export { type ReportWithoutRuns, withoutRuns } from "./report/report-without-runs.ts";
export { attainedIn, isScored, lowestOf, worstFirst } from "./report/verdicts.ts";
export {
  CHANGED_FIGURES,
  type ChangedFigure,
  DEADLINE_COUNTS,
  DEADLINE_STATUSES,
  type DeadlineStatus,
  REVISION_CAUSES,
  type RevisionCause,
  STORED_FIGURES,
  VERDICTS,
  type Verdict,
} from "./report/vocabulary.ts";
export {
  type DataGap,
  type DataNote,
  type DeadlineDay,
  type DurationPoint,
  type ExcludedTime,
  type FigureChange,
  type HolidayGap,
  type InDoubt,
  type Incident,
  type ObjectiveResult,
  type Reason,
  type Recovery,
  type EarlierInputs,
  type ReportInputs,
  type RunEvidence,
  type Share,
  type Target,
  type TermsOf,
  type TrendPoint,
  type WeeklyReport,
} from "./report/weekly-report.ts";
export { type Run, type RunFailure } from "./runs/run.ts";
export type { RunColumns } from "./runs/run-table.ts";
export { Runs } from "./runs/runs.ts";
export { toUuid, uuidBytes } from "./runs/uuid-bytes.ts";
export { deadlineWindows } from "./scope/deadline-windows.ts";
export { type ExcludedInterval, excludedIntervals, exclusionAt, withoutOverlap } from "./scope/exclusions.ts";
export {
  type ScoringInput,
  furtherBack,
  pipelinesOf,
  runsNeeded,
  trendWeeks,
  weeksBeforeAtFirst,
} from "./scope/scoring-input.ts";
export { type AgreementScore, type PipelineScore, agreementScore, pipelineScorer } from "./score/score.ts";
