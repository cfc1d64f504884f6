import type { Period } from "@runledger/ylem-client";
import { DateTime } from "luxon";

export const PERIODS = ["day", "week", "month", "quarter", "year"] as const satisfies readonly Period[];

/** Consecutive calendar periods in UTC: the first one's start and how many. */
export interface PeriodRange {
  period: Period;
  from: Date;
  count: number;
}

/** The whole periods that hold some of [from, until], the last of which may still be running. */
export function periodsHolding(period: Period, from: Date, until: Date): PeriodRange {
  const first = DateTime.fromJSDate(from, { zone: "utc" }).startOf(period);
  const last = DateTime.fromJSDate(until, { zone: "utc" }).startOf(period);
  return {
    period,
    from: first.toJSDate(),
    count: Math.round(last.diff(first, `${period}s`).get(`${period}s`)) + 1,
  };
}
