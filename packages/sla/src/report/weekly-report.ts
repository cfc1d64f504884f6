import type { ObjectiveKind, ObjectiveMeasure } from "@runledger/config";
import type { Micros } from "../calendar/micros.ts";
import type { Week } from "../calendar/week.ts";
import type { ChangedFigure, DeadlineStatus, RevisionCause, Verdict } from "./vocabulary.ts";

/**
 * The weekly report as a value: everything that is printed, nothing that has to be looked up. It carries facts; the
 * printers have the words, each in its language.
 * `sla.ts` makes it from the history, `workbook.ts` and `mail.ts` print it. Instants of runs are in microseconds, as the
 * history has them; those of the calendar and the report are `Date`s. A zone is applied only where a human reads. Ranges
 * are half open, `[start, end)`. Durations in milliseconds may have a fraction.
 */

/**
 * A share kept as two counts: runs, days or, for freshness, seconds with up to six decimals. `total` may be 0: then
 * there is no share.
 */
export interface Share {
  good: number;
  total: number;
}

/** A target as an exact fraction of one: 99.5 % is 995 / 1000. */
export interface Target {
  numerator: number;
  denominator: number;
}

export interface ObjectiveResult {
  id: string;
  pipelineUuid: string;
  pipelineName: string;
  kind: ObjectiveKind;
  /** What was promised. */
  definition: ObjectiveMeasure;
  target: Target;
  /** With exclusions applied: what the verdict rests on. */
  share: Share;
  /** The same with no exclusions. */
  raw: Share;
  /** How many of `raw.total` the exclusions took out. */
  excluded: number;
  /** floor(total × (1 − target)) */
  allowedBad: number;
  /** 1 − burnRate; may be negative. `null` at a target of 100 % or without a verdict. */
  budgetLeft: number | null;
  /** (1 − attained) / (1 − target). `null` at a target of 100 % or without a verdict. */
  burnRate: number | null;
  /** Good and total pooled over this week and the three before it. */
  fourWeeks: Share;
  /** The week before, for the change column. `null` when it was not scored. */
  previous: Share | null;
  verdict: Verdict;
  /** Why the verdict is what it is. */
  reason: Reason;
  recovery: Recovery;
  terms: TermsOf<ObjectiveKind>;
}

/** Why a verdict is what it is. Amounts are runs or days; milliseconds for freshness. */
export type Reason =
  /** "3 of 168 runs failed; 3 were allowed" */
  | { kind: "counted"; bad: number; total: number; allowedBad: number }
  /** There was nothing to count, perhaps because the exclusions took it out. */
  | { kind: "nothing"; excluded: number }
  | { kind: "too_few"; total: number; needed: number }
  /** `from` is a local day, `2026-01-05`. */
  | { kind: "not_in_force"; from: string }
  | InDoubt
  | DataGap;

/**
 * The verdict that every outcome would have given, whatever the runs and rows were that the source counts and that are
 * not stored: bad ones and all, in the best outcome and in the worst.
 */
export interface InDoubt {
  kind: "in_doubt";
  verdict: Verdict;
  /** UTC days on which they are missing, `2026-03-14`. */
  days: readonly string[];
  /** Runs of which nothing is stored. */
  runs: number;
  /** Task runs in all; `null` where it cannot be told how many. */
  rows: number | null;
  best: { bad: number; total: number };
  worst: { bad: number; total: number };
}

/** What of the history is missing or in doubt. Times are UTC, as text in ISO 8601: reports keep it as JSON. */
export type DataGap =
  | { kind: "starts_late"; start: string }
  | { kind: "never_synced" }
  /** Holidays that were promised cannot be worked out any more, so nobody knows which days are due. */
  | { kind: "holidays_unknown" }
  /** The source has never shown anything of the pipeline: it may not know it. */
  | { kind: "never_seen" }
  | { kind: "synced_through"; through: string }
  /** Days on which stored runs disagree with the source, `2026-03-14`; what is missing of them where it was counted. */
  | { kind: "disputed"; days: readonly string[]; unseen?: { runs: number; rows: number | null } | null };

/**
 * Why holidays of the week may not be known: a calendar has none at all, or none after `last`, `2023-12-26`, or was
 * recorded with rules that are not followed any more. `file` is null where it is the only one.
 */
export type HolidayGap =
  | { kind: "unfollowed"; why: string }
  | { kind: "empty"; file: string | null }
  | { kind: "ended"; file: string | null; last: string };

/** What a reader must know of the data of a pipeline, named `pipeline`. */
export type DataNote = { pipeline: string } & (DataGap | { kind: "quarantined"; rows: number });

/** What it takes, beside the rows of evidence, to count good and bad again. */
export type TermsOf<K extends ObjectiveKind> = { [Each in K]: { kind: Each } & Terms[Each] }[K];

interface Terms {
  success: object;
  /** Failed runs are bad (`count`) or no part of the total (`exclude`). */
  duration: { atMostMs: number; failed: "count" | "exclude" };
  deadline: object;
  freshness: object;
  /** `days` are the local days that count, `2026-03-18`; none when the agreement is not in force. */
  volume: { atLeast: number; days: readonly string[] };
}

/** How incidents of an objective went over the 13 weeks that end with the report's. */
export interface Recovery {
  /** Incidents that opened in these weeks and were closed. */
  closedIncidents: number;
  /** Mean time from opening to closing, in milliseconds. `null` when none was closed. */
  meanTimeToRecoverMs: number | null;
  /** Mean time from the closing of one to the opening of the next, in milliseconds. `null` with fewer than two. */
  meanTimeBetweenFailuresMs: number | null;
}

export interface Incident {
  objective: string;
  pipelineUuid: string;
  pipelineName: string;
  openedAt: Micros;
  /** `null` when no good event has followed before the end of the report's week, or as far as is known. */
  closedAt: Micros | null;
  /** From its opening to its closing; of an open one to the end of the week, or as far as is known while that goes on. */
  lastedMs: number;
  /** How much of that lies in the report's week. */
  inWeekMs: number;
  badEvents: number;
  firstFailedTaskUuid: string | null;
  /** The task's configured or discovered name, or its UUID. */
  firstFailedTask: string | null;
  errorMessage: string | null;
}

/** A day of the week on which a run was due. */
export interface DeadlineDay {
  objective: string;
  /** The local day, `2026-03-18`. */
  date: string;
  /** From here on a run counts for the day; it may be on the day before. */
  opensAt: Date;
  /** The last instant that is in time: the agreed time of day and the grace. */
  dueAt: Date;
  /** Finish of the day's first successful run. */
  completedAt: Micros | null;
  /** From `dueAt` to `completedAt`, in milliseconds; `null` when in time or never completed. */
  lateByMs: number | null;
  status: DeadlineStatus;
  /** The day's runs up to the first successful one; all of them when none was. */
  attempts: number;
  /** The run that completed the day. */
  runUuid: string | null;
}

/** A time between two successful runs, longer than the data may age, with some of the excess in the week. */
export interface FreshnessGap {
  objective: string;
  /** Finish of the successful run before; from when age counts where there was none ever. */
  from: Micros;
  /** Finish of the next successful run; `null` when none has followed by the end of the week, or as far as is known. */
  to: Micros | null;
  /** How old the data may become, in milliseconds. */
  limitMs: number;
  /** For how much of the week's counted time they were older, in milliseconds: exclusions are cut out. */
  breachMs: number;
}

/** One run of one pipeline in the time of the week that counts: the evidence. */
export interface RunEvidence {
  runUuid: string;
  pipelineUuid: string;
  pipelineName: string;
  startedAt: Micros;
  finishedAt: Micros;
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

/** How long the runs of a pipeline took in one of the last 13 weeks, oldest first: nearest-rank percentiles. */
export interface DurationPoint {
  week: string;
  pipelineUuid: string;
  runs: number;
  p50Ms: number;
  p95Ms: number;
}

/** A time that an agreement takes out, when any of it lies in the week; whole, also where another overlaps it. */
export interface ExcludedTime {
  start: Date;
  end: Date;
  reason: string;
  approvedBy: string | null;
  kind: "once" | "recurring";
  /** Entered after the fact: the week's first report did not have it. */
  isRetroactive: boolean;
}

/**
 * Hashes of what the figures rest on beside the definition; by pipeline UUID where it is a pipeline's. One that is made
 * up of anything else gets another name: by the old one it would be a false cause of the next revision of every week.
 */
export interface ReportInputs {
  /** Of the exclusions that reach into the 13 weeks. */
  excluded: string;
  /** Of the week's runs. */
  runs: Readonly<Record<string, string>>;
  /** Of the runs of all 13 weeks, and of the grace after them. */
  history: Readonly<Record<string, string>>;
  /** Of what is missing or in doubt in each of the 13 weeks, and of the grace after them. */
  known: Readonly<Record<string, string>>;
  /** Of whether the source has ever shown anything of it. */
  seen: Readonly<Record<string, string>>;
  /** Of what the time-zone database says of the agreement's zone in the 13 weeks. */
  zone: string;
  /**
   * The same of each part of the time before the 13 weeks in which it was looked where an incident of a pipeline began,
   * by the pipeline's UUID and the part's bounds.
   */
  earlier: Readonly<Record<string, EarlierInputs>>;
}

export type EarlierInputs = Readonly<Record<"excluded" | "runs" | "known" | "zone", string>>;

/** A figure of an objective that the revision before printed otherwise. */
export interface FigureChange {
  objective: string;
  figure: ChangedFigure;
  /** `null` when there was none: the objective is new, or could not be figured. */
  before: string | number | null;
  /** `null` when there is none any more. */
  now: string | number | null;
}

/** One objective in one of the last 13 weeks, oldest first, this week last. */
export interface TrendPoint {
  week: string;
  objective: string;
  /** What was counted; it was attained only where there is a verdict. */
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
  /** SHA-256 (hex) of the definition that applies to the week; exclusions are no part of it. */
  definitionHash: string;
  softwareVersion: string;
  /** Version of the IANA time-zone database, `2026a`; `null` where the stored report did not keep it. */
  timeZoneDatabase: string | null;
  /** In the order of the configuration; printers sort worst first with `worstFirst`. */
  objectives: readonly ObjectiveResult[];
  /** Those that the week saw open, in order of opening. */
  incidents: readonly Incident[];
  /** Not printed: those of the 13 weeks that were closed before this one. By them the history's table learns of it. */
  incidentsBefore: readonly Omit<Incident, "lastedMs" | "inWeekMs">[];
  /** In the order of the objectives, then by date. */
  deadlines: readonly DeadlineDay[];
  /** In the order of the objectives, then by time. */
  freshnessGaps: readonly FreshnessGap[];
  /** By pipeline, then by finish. */
  runs: Iterable<RunEvidence> & { readonly length: number };
  /** SHA-256 (hex) of which of them count. */
  countedHash: string;
  trend: readonly TrendPoint[];
  /** Weeks in which a pipeline had no run are left out. */
  durations: readonly DurationPoint[];
  /** In order of their starts. */
  exclusions: readonly ExcludedTime[];
  /** Against the revision before; empty in the first. In the order of the objectives. */
  changes: readonly FigureChange[];
  /** Why there are any; empty in the first revision, and where the one before did not keep what it rested on. */
  causes: readonly RevisionCause[];
  /** Quarantined rows, disputed days, holes. */
  notes: readonly DataNote[];
  /** Why holidays of the week may not be known, by file; empty when they are. */
  holidayGaps: readonly HolidayGap[];
  /** Not printed: by these the next revision tells why it differs. */
  inputs: ReportInputs;
}
