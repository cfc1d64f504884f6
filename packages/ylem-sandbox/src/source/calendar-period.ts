import { DateTime } from "luxon";

export const PERIODS = ["day", "week", "month", "quarter", "year"] as const;

/** A calendar period in UTC. Weeks start on Monday. */
export type Period = (typeof PERIODS)[number];

/** First second of the period that the second lies in. Seconds are since the epoch. */
export function startOfPeriod(period: Period, seconds: number): number {
  return utc(seconds).startOf(period).toSeconds();
}

/** The second `count` periods later; a day the month does not have becomes the month's last. */
export function addPeriods(period: Period, seconds: number, count: number): number {
  return utc(seconds)
    .plus({ [period]: count })
    .toSeconds();
}

function utc(seconds: number): DateTime {
  return DateTime.fromSeconds(seconds, { zone: "utc" });
}
