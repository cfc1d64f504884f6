import type { TrendPoint, WeeklyReport } from "@runledger/sla";

/** The columns of Trend, in their order: charts find their cells by them. */
export const trendHeaders = [
  "Week",
  "Objective",
  "Total",
  "Attained",
  "Verdict",
  "Target",
  "Median duration",
  "95th percentile",
] as const;

export type TrendHeader = (typeof trendHeaders)[number];

/** The number of a column of Trend, from 1. */
export function trendColumn(header: TrendHeader): number {
  return trendHeaders.indexOf(header) + 1;
}

/** The points in the order of Trend: an objective's weeks together, oldest first, as charts need them. */
export function trendRows({ objectives, trend }: WeeklyReport): TrendPoint[] {
  const points = Map.groupBy(trend, ({ objective }) => objective);
  return objectives.flatMap(({ id }) => points.get(id) ?? []);
}
