import type { Agreement, ObjectiveKind, ObjectiveOf } from "@runledger/config";
import type { Micros } from "../calendar/micros.ts";
import { dateAt, daysAfter } from "../calendar/calendar-date.ts";
import { earlier, later } from "../calendar/interval.ts";
import { BoundedCache } from "../calendar/bounded-cache.ts";
import { midnightOf } from "../calendar/local-time.ts";
import { previousWeeks, weekOf, type Week } from "../calendar/week.ts";
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
  /** By pipeline UUID: finish of the first run of all; absent or `null` when there is none. */
  firstRunAt: ReadonlyMap<string, Micros | null>;
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
  return trends.get(week.timezone).get(week.id);
}

/** Of zones, the weeks before their weeks: agreements ask for the same again and again. A year has room. */
const trends = new BoundedCache(
  64,
  (timezone: string) => new BoundedCache(53, (id: string) => previousWeeks(weekOf(id, timezone), 13)),
);

/**
 * By how many weeks before the 13 it is first asked whether an incident was open at their start, and since when. Where
 * something was good in them, as it mostly was, that is known.
 */
export const weeksBeforeAtFirst = 1;

/** How many weeks it is followed back next, where its beginning was not among so many. */
export function furtherBack(weeksBefore: number): number {
  return Math.max(13, 2 * weeksBefore);
}

/** The start of the week that is so many weeks before the first of the 13. */
export function startOfWeekBefore(week: Week, weeksBefore: number): Date {
  const [{ start, timezone } = week] = trendWeeks(week);
  return midnightOf(daysAfter(dateAt(start, timezone), -7 * weeksBefore), timezone);
}

/**
 * When the runs finish that a week's report looks at, both ends included: from the start of the first of the trend
 * weeks, or so many weeks earlier in which the agreement was in force, or from the day before that where it serves a
 * deadline already, through the end of the week itself and of any grace that a deadline of it may still have then, or
 * through as-of. What finishes later makes no difference, so that a closed week reads the same whenever it is printed.
 */
export function runsNeeded(
  {
    agreement: { objectives, timezone, effectiveFrom },
    week,
    asOf,
  }: Pick<ScoringInput, "agreement" | "week" | "asOf">,
  weeksBefore = weeksBeforeAtFirst,
): { from: Date; through: Date } {
  const inForce = later(startOfWeekBefore(week, weeksBefore), midnightOf(effectiveFrom, timezone));
  const from = earlier(startOfWeekBefore(week, 0), inForce);
  const looked = objectives.map((objective) => reachOf(objective));
  const graces = looked.map(({ graceMs }) => graceMs);
  const through = Math.min(week.end.getTime() + Math.max(...graces), asOf.getTime());
  const opensBefore = looked.some(({ isFromDayBefore }) => isFromDayBefore);
  const dayBefore = daysAfter(dateAt(from, timezone), -1);
  return {
    from: opensBefore ? midnightOf(dayBefore, timezone) : from,
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
