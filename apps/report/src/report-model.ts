/**
 * The weekly report as a value: everything that is printed, nothing that has to be looked up.
 * `sla.ts` makes it from the history, `workbook.ts` and `mail.ts` print it. All instants are UTC `Date`s;
 * a zone is applied only where a human reads. Ranges are half open, `[start, end)`.
 */

/** A share kept as two counts, so that comparisons are exact. `total` may be 0: then there is no share. */
export interface Share {
  good: number;
  total: number;
}

/** A target as an exact fraction of one: 99.5 % is 995 / 1000. */
export interface Target {
  numerator: number;
  denominator: number;
}

export type ObjectiveKind = "success" | "duration" | "deadline" | "freshness" | "volume";

export type Verdict = "missed" | "at_risk" | "insufficient_data" | "met" | "not_in_force";

/** One ISO week in an agreement's zone: Monday 00:00 to next Monday 00:00 local, 167 to 169 hours. */
export interface Week {
  /** `2026-W12` */
  id: string;
  timezone: string;
  start: Date;
  end: Date;
  /** Hours between start and end: 168 but for weeks in which the clocks change. */
  hours: number;
}

export interface ObjectiveResult {
  id: string;
  pipelineUuid: string;
  pipelineName: string;
  kind: ObjectiveKind;
  /** The objective in plain words: "Successful runs that take at most 45 min, of all runs". */
  definition: string;
  target: Target;
  /** With exclusions applied: what the verdict rests on. */
  share: Share;
  /** The same with no exclusions. */
  raw: Share;
  /** How many of `raw.total` the exclusions took out. */
  excluded: number;
  /** floor(total × (1 − target)) */
  allowedBad: number;
  /** 1 − burnRate; may be negative. `null` at a target of 100 % or with no data. */
  budgetLeft: number | null;
  /** (1 − attained) / (1 − target). `null` at a target of 100 % or with no data. */
  burnRate: number | null;
  /** Good and total pooled over this week and the three before it. */
  fourWeeks: Share;
  /** The week before, for the change column. `null` when it was not scored. */
  previous: Share | null;
  verdict: Verdict;
  /** Why the verdict is what it is, one line: "3 of 168 runs failed; 3 were allowed". */
  reason: string;
}

export interface Incident {
  objective: string;
  pipelineUuid: string;
  pipelineName: string;
  openedAt: Date;
  /** `null` while no good event has followed. */
  closedAt: Date | null;
  badEvents: number;
  firstFailedTaskUuid: string | null;
  /** The task's configured or discovered name, or its UUID. */
  firstFailedTask: string | null;
  errorMessage: string | null;
}

/** One run of one pipeline that the week's objectives looked at: the evidence. */
export interface RunEvidence {
  runUuid: string;
  pipelineUuid: string;
  pipelineName: string;
  startedAt: Date;
  finishedAt: Date;
  elapsedMs: number;
  isSuccessful: boolean;
  taskCount: number;
  failedTaskCount: number;
  /** False when an exclusion takes it out. */
  isCounted: boolean;
  /** The exclusion's reason, when not counted. */
  whyNot: string | null;
  errorMessage: string | null;
}

/** One objective in one of the last 13 weeks, oldest first, this week last. */
export interface TrendPoint {
  week: string;
  objective: string;
  share: Share;
  verdict: Verdict;
}

export interface WeeklyReport {
  agreement: { id: string; title: string; customer: string; timezone: string };
  week: Week;
  revision: number;
  /** The instant that played "now" when the report was made. */
  asOf: Date;
  /** Up to when every pipeline of the agreement is synced; `null` when one never was. */
  dataThrough: Date | null;
  /** SHA-256 (hex) of the agreement's definition. */
  definitionHash: string;
  softwareVersion: string;
  /** In the order of the configuration; printers sort worst first with `worstFirst`. */
  objectives: readonly ObjectiveResult[];
  incidents: readonly Incident[];
  /** By pipeline, then by finish. */
  runs: readonly RunEvidence[];
  trend: readonly TrendPoint[];
  /** What a reader must know of the data: quarantined rows, disputed days, holes. */
  notes: readonly string[];
}
