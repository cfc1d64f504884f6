import type { Period } from "@runledger/ylem-client";
import { DateTime } from "luxon";

/** The periods longer than a day, of which days are the parts. */
export const LONG_PERIODS = ["week", "month", "quarter", "year"] as const satisfies readonly Period[];

/** Consecutive whole calendar periods in UTC, `[from, to)`. */
export interface PeriodRange {
  period: Period;
  from: Date;
  to: Date;
}

/** The whole periods that hold some of [from, until], the last of which may still be running. */
export function periodsHolding(period: Period, from: Date, until: Date): PeriodRange {
  return {
    period,
    from: startOfPeriod(period, from),
    to: utc(until)
      .startOf(period)
      .plus({ [period]: 1 })
      .toJSDate(),
  };
}

/** Per length, the closed periods from the first that is stale or has closed since `through`. */
export function periodsDue(staleFrom: Date | null, through: Date, until: Date): PeriodRange[] {
  const first = staleFrom !== null && staleFrom < through ? staleFrom : through;
  return LONG_PERIODS.map((period) => ({
    period,
    from: startOfPeriod(period, first),
    to: startOfPeriod(period, until),
  })).filter(({ from, to }) => from < to);
}

/** Start of the period that holds the instant, which is also the end of the last one that closed by then. */
export function startOfPeriod(period: Period, instant: Date): Date {
  return utc(instant).startOf(period).toJSDate();
}

/** How many calendar periods hold some of [from, until]. */
export function periodCount(period: Period, from: Date, until: Date): number {
  const unit = `${period}s` as const;
  return Math.round(utc(until).startOf(period).diff(utc(from).startOf(period), unit).get(unit)) + 1;
}

function utc(instant: Date): DateTime {
  return DateTime.fromJSDate(instant, { zone: "utc" });
}
