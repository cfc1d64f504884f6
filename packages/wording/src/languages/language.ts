import type { ObjectiveMeasure } from "@runledger/config";
import type { Notation } from "../figures/notation.ts";
import type { ChangedFigure, DataNote, DeadlineStatus, Reason, RevisionCause, Verdict } from "@runledger/sla";

/**
 * A language that a mail may be written in: all of its words, one file each. Sentences are functions of facts; what
 * they are given as text is ready to print.
 */
export interface Language {
  notation: Notation;
  /** In the order of concern. */
  verdicts: Record<Verdict, string>;
  /** How a revision differs: what each figure is called. */
  figures: Record<ChangedFigure, string>;
  /** Why a revision differs, without a full stop. */
  causes: Record<RevisionCause, string>;
  /** The week in one phrase: `1 of 5 missed`. */
  headline: (counts: VerdictCounts) => string;
  /** Of a week that is not over: how far it is told of, `Wed 02:15`. */
  soFar: (through: string) => string;
  /** What an objective promises, without a full stop. */
  definition: (measure: ObjectiveMeasure) => string;
  /** Why it got its verdict, without a full stop. */
  reason: (reason: Reason, measure: ObjectiveMeasure) => string;
  note: (note: DataNote) => string;
  /** What is remarked on an incident. */
  incidents: Record<"openedEarlier" | "open" | "openAtWeekEnd", string>;
  mail: MailWords;
}

/** How many objectives got which verdict; those not in force count nowhere. */
export interface VerdictCounts {
  total: number;
  missed: number;
  /** Met, those at risk among them. */
  met: number;
  atRisk: number;
  insufficientData: number;
}

export interface MailWords {
  /** Before the subject of a revision. */
  revisedSubject: (revision: number) => string;
  /** Below the headline of a revision; its causes are in words, and none are known of some. */
  revised: (revision: number, causes: string | null) => string;
  headings: {
    concerns: string;
    objectives: string;
    chart: (weeks: number) => string;
    sinceLastWeek: string;
    changes: (revision: number) => string;
    incidents: string;
    exclusions: string;
    notes: string;
  };
  columns: Record<"objective" | "attained" | "target" | "fourWeeks" | "change" | "verdict", string>;
  /** The last line of a list that goes on in the workbook. */
  more: (count: number) => string;
  /** An objective's figures in one line; what was attained is `null` without a verdict, the burn rate where there is none. */
  standing: (figures: {
    attained: string | null;
    /** The verdict holds whatever is missing; what was attained is by the stored rows alone. */
    isInDoubt: boolean;
    target: string;
    counts: string;
    burnRate: string | null;
  }) => string;
  nothingToScore: (target: string) => string;
  worstDay: (day: string, status: DeadlineStatus, lateBy: string | null) => string;
  firstToFail: (task: string, incidents: number, ofAll: number) => string;
  /** In the chart: the week's number within its year. */
  week: (number: number) => string;
  chartAlt: (weeks: number, lines: readonly string[]) => string;
  chartLine: (objective: string, attained: string, target: string, lowest: ChartLow | null) => string;
  newlyMissed: string;
  recovered: string;
  noVerdictChanged: string;
  /** Of objectives whose verdict stayed as it was. */
  attainedOtherwise: (changes: readonly string[]) => string;
  onlyEvidenceChanged: string;
  noIncidents: string;
  badEvents: (count: number, firstFailingTask: string | null) => string;
  approvedBy: (name: string) => string;
  /** Of an exclusion that the first report of the week did not know. */
  enteredLater: string;
  provenance: Record<"week" | "timezone" | "report" | "dataAsOf" | "contact" | "software", string>;
  weekSpan: (from: string, to: string, hours: string) => string;
  /** The revision is `null` while the week is not closed: it has none yet. */
  revisionAsOf: (revision: number | null, asOf: string) => string;
  notAllSynced: string;
  /** What the contact reads where none is configured. */
  replyToAsk: string;
  workbookHasAll: string;
  /** Instead of that, where it is too large for a mail. */
  workbookTooLarge: (name: string, megabytes: string) => string;
  unsubscribe: string;
}

interface ChartLow {
  attained: string;
  week: string;
}
