import type { Agreement, ObjectiveKind, ObjectiveOf } from "@runledger/config";
import type { Micros } from "../calendar/micros.ts";
import { dateAt, daysAfter } from "../calendar/calendar-date.ts";
import { midnightOf } from "../calendar/local-time.ts";
import { previousWeeks, type Week } from "../calendar/week.ts";
import type { Coverage } from "../doubt/history-coverage.ts";
import { opensOnDayBefore } from "./deadline-windows.ts";

/** All that the score of a week rests on, but for the runs. */
export interface ScoringInput {
  agreement: Pick<Agreement, "timezone" | "effectiveFrom" | "calendar" | "exclusions" | "objectives">;
  week: Week;
  /** The instant that plays "now". */
  asOf: Date;
  /**
   * By pipeline UUID: finish of the last successful run before those of `runsNeeded`; absent or `null` when there was
   * none.
   */
  latestSuccessBefore: ReadonlyMap<string, Micros | null>;
  coverage: Coverage;
  /** Configured or discovered names by task UUID. */
  taskNames: ReadonlyMap<string, string>;
}

/** The UUIDs of an agreement's pipelines, in the order of its objectives. */
export function pipelinesOf({ objectives }: Pick<Agreement, "objectives">): string[] {
  return [...new Set(objectives.map(({ pipeline }) => pipeline.uuid))];
}

/** The 13 weeks that the report of a week looks at, oldest first, the week itself last. */
export function trendWeeks(week: Week): readonly Week[] {
  const key = `${week.id} ${week.timezone}`;
  const weeks = knownWeeks.get(key) ?? previousWeeks(week, 13);
  knownWeeks.set(key, weeks);
  return weeks;
}

/** What was found by week and zone: agreements ask for the same again and again. */
const knownWeeks = new Map<string, readonly Week[]>();

/**
 * When the runs finish that a week's report looks at, both ends included: from the start of the first of the trend
 * weeks, or of the day before it where that serves a deadline already, through the end of the week itself and of any
 * grace that a deadline of it may still have then, or through as-of. What finishes later makes no difference, so that a
 * closed week reads the same whenever it is printed.
 */
export function runsNeeded({
  agreement: { objectives, timezone },
  week,
  asOf,
}: Pick<ScoringInput, "agreement" | "week" | "asOf">): { from: Date; through: Date } {
  const [first = week] = trendWeeks(week);
  const looked = objectives.map((objective) => reachOf(objective));
  const graces = looked.map(({ graceMs }) => graceMs);
  const through = Math.min(week.end.getTime() + Math.max(...graces), asOf.getTime());
  const opensBefore = looked.some(({ isFromDayBefore }) => isFromDayBefore);
  const dayBefore = daysAfter(dateAt(first.start, timezone), -1);
  return {
    from: opensBefore ? midnightOf(dayBefore, timezone) : first.start,
    through: new Date(through),
  };
}

/** How far beyond the 13 weeks an objective looks at runs. */
interface Reach {
  /** Whether runs of the day before the first week count already. */
  isFromDayBefore: boolean;
  /** How long after the last week runs may still be on time. */
  graceMs: number;
}

function reachOf<Kind extends ObjectiveKind>(objective: ObjectiveOf<Kind>): Reach {
  return reaches[objective.kind](objective);
}

const weeksAlone: Reach = { isFromDayBefore: false, graceMs: 0 };

const reaches: { [Kind in ObjectiveKind]: (objective: ObjectiveOf<Kind>) => Reach } = {
  success: () => weeksAlone,
  duration: () => weeksAlone,
  deadline: (objective) => ({ isFromDayBefore: opensOnDayBefore(objective), graceMs: objective.graceMs }),
  freshness: () => weeksAlone,
  volume: () => weeksAlone,
};
