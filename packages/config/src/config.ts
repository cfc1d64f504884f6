import type { HolidayCalendar } from "./holidays/holiday-calendar.ts";
import type { LanguageTag } from "./language-tags.ts";
import type { ObjectiveKind } from "./objective-kinds.ts";
import type { ConfigProblem } from "./problems/problems.ts";
import type { Target } from "./target.ts";
import type { Weekday } from "./weekdays.ts";

/** A valid `runledger.yaml`, defaults filled in. Durations are milliseconds. */
export interface RunledgerConfig {
  /** The path it was read from, as it was given. */
  file: string;
  /** IANA name. */
  timezone: string;
  /** `YYYY-MM-DD`, a UTC day. */
  historyStart: string;
  /** Which task outputs are kept. */
  outputs: "none" | "failures" | "all";
  api: {
    /** Bytes of the largest answer that is read. */
    largestAnswer: number;
  };
  /** At least one. */
  pipelines: PipelineConfig[];
  agreements: Agreement[];
  /** What is allowed but hardly meant, in the order of the file. */
  warnings: ConfigProblem[];
}

export interface PipelineConfig {
  /** Lower case; unique. */
  uuid: string;
  /** Unique. */
  name: string;
  owner: string | null;
  tags: string[];
  /** Names by task UUID, lower case. */
  tasks: Record<string, string>;
}

export interface Agreement {
  /** `[a-z0-9-]+`; unique. */
  id: string;
  title: string;
  customer: string | null;
  /** IANA name. All local times and days below are in this zone. */
  timezone: string;
  /** Of its mail. */
  language: LanguageTag;
  /** `YYYY-MM-DD`, a local day. */
  effectiveFrom: string;
  calendar: Calendar;
  exclusions: Exclusion[];
  /** At least one. */
  objectives: Objective[];
  report: ReportConfig;
}

export interface Calendar {
  workdays: Weekday[];
  holidays: HolidayCalendar | null;
}

/** A stretch of time that counts neither as good nor as bad. */
export type Exclusion = {
  reason: string;
  approvedBy: string | null;
} & (
  | {
      kind: "once";
      /** Local `YYYY-MM-DDTHH:mm`; it may fall into a gap of the clocks. */
      from: string;
      /** Local, later than `from`. */
      to: string;
      /** Where it stands in the file, from 1. */
      line?: number;
    }
  | {
      kind: "recurring";
      weekdays: Weekday[];
      /** Local `HH:mm`. */
      at: string;
      /** Elapsed time, more than 0. */
      forMs: number;
    }
);

export type Objective = ObjectiveOf<ObjectiveKind>;

/** An objective of one kind. Tables by kind take it, and the compiler sees that entry and objective are of one kind. */
export type ObjectiveOf<Kind extends ObjectiveKind> = { [K in Kind]: Promised & MeasureOf<K> }[Kind];

/** What an objective has, whatever it measures. */
interface Promised {
  /** Unique in the agreement. */
  id: string;
  pipeline: PipelineConfig;
  target: Target;
  /** With fewer events in a week there is no verdict. */
  minRuns: number;
}

export type ObjectiveMeasure = MeasureOf<ObjectiveKind>;

export type MeasureOf<Kind extends ObjectiveKind> = { [K in Kind]: { kind: K } & Measures[K] }[Kind];

/** What is measured, by kind. Times of day are local `HH:mm`. */
interface Measures {
  success: object;
  duration: { atMostMs: number; failed: "count" | "exclude" };
  deadline: { by: string; on: DaySelection; opens: string; graceMs: number };
  freshness: { maxAgeMs: number };
  volume: { per: "day"; atLeast: number; on: DaySelection };
}

export type DaySelection =
  | { kind: "workdays" }
  | { kind: "daily" }
  | { kind: "weekdays"; weekdays: Weekday[] };

export interface ReportConfig {
  to: string[];
  cc: string[];
  /** Told when a report could not be made by its time. */
  failuresTo: string[];
  /** An e-mail address or words; `null`: readers reply to the sender. */
  contact: string | null;
  /** How long after the week's end it is closed. */
  settleMs: number;
  /** Where one-click unsubscribing is posted to; https. */
  unsubscribeUrl: string | null;
}
