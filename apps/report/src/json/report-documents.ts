/**
 * What `--json` prints, a type for each command; docs/json.md has an example of each. Instants are printed in ISO 8601,
 * those of runs to the microsecond, local days and weeks as text (`2026-03-18`, `2026-W12`), shares as fractions of one, and what is not known is null.
 */
import type { ChannelName } from "../delivery/channel.ts";
import type { ObjectiveMeasure } from "@runledger/config";
import type { DeliveryStatus } from "@runledger/history";
import { english } from "@runledger/wording";
import {
  type DataNote,
  type DeadlineStatus,
  type ObjectiveKind,
  type ObjectiveResult,
  type Reason,
  type Recovery,
  type RevisionCause,
  type Share,
  type Verdict,
  isScored,
  unitOf,
} from "@runledger/sla";

/** A share, in every document the same. */
export interface ShareDocument {
  /** Runs, days or, for freshness, seconds. */
  good: number;
  total: number;
  /** Null where nothing counted, or the week got no verdict. */
  attained: number | null;
}

/** How an objective did in a week. */
export interface ObjectiveDocument extends ShareDocument {
  /** Its id. */
  objective: string;
  kind: ObjectiveKind;
  pipeline: string;
  pipelineUuid: string;
  target: number;
  excluded: number;
  allowedBad: number;
  budgetLeft: number | null;
  burnRate: number | null;
  verdict: Verdict;
  reasonKind: Reason["kind"];
  /** The same in words. */
  reason: string;
  /** Of a verdict that was given though rows are missing, because every outcome would give it; else null. */
  doubt: DoubtDocument | null;
}

/** What is missing, and how the week would have gone at best and at worst. */
interface DoubtDocument {
  /** UTC days. */
  days: readonly string[];
  /** Runs of which nothing is stored. */
  runs: number;
  /** Task runs in all; null where it cannot be told how many. */
  rows: number | null;
  best: ShareDocument;
  worst: ShareDocument;
}

/** What is to be known of a pipeline's data. */
export type NoteDocument = DataNote & { text: string };

/** A message for a recipient: a row of the ledger and, where a command was to send it now, why it did not. */
export interface DeliveryDocument {
  agreement: string;
  week: string;
  revision: number;
  channel: ChannelName;
  recipient: string;
  status: DeliveryStatus;
  attempts: number;
  messageId: string | null;
  lastError: string | null;
  sentAt: Date | null;
  /** Null when it was tried now, and in `deliveries`. */
  notSentBecause: string | null;
}

/** `weekly`: one agreement's week. What a report has is null or empty where there is none. */
export interface ReportDocument {
  agreement: string;
  title: string;
  week: string;
  weekStart: Date;
  weekEnd: Date;
  timezone: string;
  /** `unchanged`: sent before, and still the same. `missing`: there is no report. */
  outcome: "published" | "unchanged" | "missing";
  /** 0 while the week is not closed. */
  revision: number | null;
  causes: readonly RevisionCause[];
  asOf: Date | null;
  dataThrough: Date | null;
  objectives: ObjectiveDocument[];
  notes: NoteDocument[];
  files: { workbook: string; eml: string; html: string } | null;
  deliveries: DeliveryDocument[];
  /** Why nobody was sent it. */
  notSent: string | null;
}

/** A week as it would be scored now. */
export interface ScoredWeekDocument {
  week: string;
  asOf: Date;
  objectives: ObjectiveDocument[];
}

/** `check`: what an agreement means for the next weeks, and how the last and the present one look. */
export interface CheckDocument {
  agreement: string;
  title: string;
  timezone: string;
  deadlines: {
    objective: string;
    occurrences: {
      date: string;
      opensAt: Date;
      /** The agreed time. */
      by: Date;
      /** With the grace. */
      dueAt: Date;
      excusedBecause: string | null;
    }[];
  }[];
  exclusions: { from: Date; to: Date; reason: string }[];
  holidays: { date: string; name: string }[];
  /** The week from which a changed definition applies. */
  definitionAppliesFrom: string | null;
  lastWeek: ScoredWeekDocument;
  thisWeek: ScoredWeekDocument;
  thisWeekClosesAt: Date;
  /** When it is closed and a daily sync has seen its end; null where no sync has been. */
  thisWeekCanGoOutFrom: Date | null;
}

/** A run among the evidence. */
export interface RunDocument {
  runUuid: string;
  startedAt: string;
  finishedAt: string;
  elapsedMs: number;
  isSuccessful: boolean;
  errorMessage: string | null;
}

/** `explain`: an objective's figures, and what they rest on. Lists that its kind does not need are empty. */
export interface ExplainDocument extends ObjectiveDocument {
  agreement: string;
  title: string;
  week: string;
  weekStart: Date;
  weekEnd: Date;
  timezone: string;
  asOf: Date;
  dataThrough: Date | null;
  definition: ObjectiveMeasure;
  /** With no exclusions. */
  raw: ShareDocument;
  fourWeeks: ShareDocument & { weeks: (ShareDocument & { week: string; verdict: Verdict })[] };
  /** Of its pipeline, finished in the week. */
  runs: { finished: number; failed: number; excluded: number };
  /** Of success and duration: the runs that count and are bad. */
  badRuns: RunDocument[];
  /** Of a deadline: the days on which a run was due. */
  dueDays: {
    date: string;
    status: DeadlineStatus;
    opensAt: Date;
    dueAt: Date;
    completedAt: string | null;
    lateByMs: number | null;
    attempts: number;
    runUuid: string | null;
  }[];
  /** Of freshness: the times between successes that are longer than the data may age. */
  gaps: { from: string; to: string | null; limitMs: number; breachMs: number }[];
  /** Of volume: the week's local days, and their successful runs. */
  days: { date: string; successfulRuns: number; isCounted: boolean }[];
  exclusions: { from: Date; to: Date; reason: string; approvedBy: string | null; runsFinished: number }[];
  incidents: {
    openedAt: string;
    closedAt: string | null;
    lastedMs: number;
    inWeekMs: number;
    badEvents: number;
    firstFailedTask: string | null;
    firstFailedTaskUuid: string | null;
    errorMessage: string | null;
  }[];
  recovery: Recovery;
  notes: NoteDocument[];
}

/** `suppress`: whose mails are stopped, those of all agreements when `agreement` is null. */
export interface SuppressionDocument {
  recipient: string;
  agreement: string | null;
  suppressedAt: Date;
  reason: string | null;
}

/** `preview`: where to look, until it is interrupted. */
export interface PreviewDocument {
  url: string;
  reports: {
    agreement: string;
    week: string;
    revision: number;
    isStored: boolean;
    heldBack: string | null;
    url: string;
  }[];
}

export function toShare({ good, total }: Share, verdict: Verdict | null): ShareDocument {
  const hasShare = total > 0 && (verdict === null || isScored({ verdict }));
  return { good, total, attained: hasShare ? good / total : null };
}

export function toObjective(result: ObjectiveResult): ObjectiveDocument {
  const { id, kind, pipelineName, pipelineUuid, target, share, verdict, reason, definition } = result;
  return {
    objective: id,
    kind,
    pipeline: pipelineName,
    pipelineUuid,
    target: target.numerator / target.denominator,
    ...toShare(share, verdict),
    excluded: result.excluded,
    allowedBad: result.allowedBad,
    budgetLeft: result.budgetLeft,
    burnRate: result.burnRate,
    verdict,
    reasonKind: reason.kind,
    reason: english.reason(reason, definition),
    doubt: toDoubt(result),
  };
}

/** Reasons tell time in milliseconds. */
function toDoubt({ kind, reason, verdict }: ObjectiveResult): DoubtDocument | null {
  if (reason.kind !== "in_doubt") return null;
  const { days, runs, rows, best, worst } = reason;
  const unit = unitOf(kind) === "time" ? 1000 : 1;
  const share = ({ bad, total }: typeof best) =>
    toShare({ good: (total - bad) / unit, total: total / unit }, verdict);
  return { days, runs, rows, best: share(best), worst: share(worst) };
}

export function toNote(note: DataNote): NoteDocument {
  return { ...note, text: english.note(note) };
}
