import { attainedFraction, attainedText, shortened, targetText, verdictColours } from "@runledger/wording";
import {
  type DurationPoint,
  type ObjectiveResult,
  type TrendPoint,
  type WeeklyReport,
  attainedIn,
  lowestOf,
} from "@runledger/sla";
import { millisecondsPerDay } from "./cell.ts";
import { trendColumn, trendRows, type TrendHeader } from "./trend-rows.ts";
import type { Axis, LineChart } from "../xlsx/line-chart.ts";
import { columnCells, type Block } from "../xlsx/reference.ts";

/** What an objective attained against its target, week by week, from its rows of Trend; `null` when there are none. */
export function attainedChart(report: WeeklyReport, objective: ObjectiveResult): LineChart | null {
  const { first, points } = pointsOf(report, objective);
  if (points.length === 0) return null;
  const target = objective.target.numerator / objective.target.denominator;
  const attained = points.map((point) => attainedFraction(attainedIn(point)));
  const missed = points.flatMap(({ verdict }, index) => (verdict === "missed" ? [index] : []));
  const title = `${shortened(objective.id, 40)} · ${attainedText(attainedIn(objective))}, target ${targetText(objective.target)} (dashed)`;
  return {
    title,
    alt: `${title}. ${lowestInWords(points)}Weeks ${points[0]?.week} to ${points.at(-1)?.week}; a missed week is a diamond.`,
    categories: { cells: cells("Week", first, points), values: points.map(({ week }) => week) },
    series: [
      {
        name: "Target",
        cells: cells("Target", first, points),
        values: points.map(() => target),
        look: "dashed",
        colour: colours.quiet,
      },
      {
        name: "Attained",
        cells: cells("Attained", first, points),
        values: attained,
        look: "line",
        colour: colours.line,
        flagged: { indices: missed, colour: verdictColours.missed.ink },
      },
    ],
    axis: shareAxis([target, ...attained.filter((share) => share !== null)]),
  };
}

/** How long the runs of an objective's pipeline took, week by week, from the objective's rows of Trend. */
export function durationChart(report: WeeklyReport, objective: ObjectiveResult): LineChart | null {
  const { first, points } = pointsOf(report, objective);
  const known = new Map(
    report.durations
      .filter(({ pipelineUuid }) => pipelineUuid === objective.pipelineUuid)
      .map((point) => [point.week, point]),
  );
  if (points.length === 0 || known.size === 0) return null;
  const valuesOf = (percentile: "p50Ms" | "p95Ms") =>
    points.map(({ week }) => days(known.get(week), percentile));
  const [median, p95] = [valuesOf("p50Ms"), valuesOf("p95Ms")];
  const title = `${shortened(objective.pipelineName, 30)} · run duration, median (dashed) and 95th percentile`;
  return {
    title,
    alt: `${title}. Weeks ${points[0]?.week} to ${points.at(-1)?.week}.`,
    categories: { cells: cells("Week", first, points), values: points.map(({ week }) => week) },
    series: [
      {
        name: "Median",
        cells: cells("Median duration", first, points),
        values: median,
        look: "dashed",
        colour: colours.quiet,
      },
      {
        name: "95th percentile",
        cells: cells("95th percentile", first, points),
        values: p95,
        look: "line",
        colour: colours.line,
      },
    ],
    axis: durationAxis(p95.filter((value) => value !== null)),
  };
}

const colours = { line: "#2F5AA8", quiet: "#5B6577" } as const;

/** An objective's points and the row of the first. */
function pointsOf(report: WeeklyReport, { id }: ObjectiveResult): { first: number; points: TrendPoint[] } {
  const rows = trendRows(report);
  const points = rows.filter(({ objective }) => objective === id);
  return { first: rows.findIndex(({ objective }) => objective === id) + 2, points };
}

function cells(header: TrendHeader, first: number, points: readonly TrendPoint[]): Block {
  return columnCells("Trend", trendColumn(header), first, first + points.length - 1);
}

function lowestInWords(points: readonly TrendPoint[]): string {
  const lowest = lowestOf(points);
  return lowest === null ? "" : `Lowest ${attainedText(lowest.share)} in ${lowest.week}. `;
}

/** From 100% down to a round figure below all of these, in two steps. */
function shareAxis(shares: readonly number[]): Axis {
  const needed = (1 - Math.min(...shares)) * 1.1;
  const span = spans.find((candidate) => candidate >= needed) ?? 1;
  const min = Number((1 - span).toFixed(4));
  return { min, max: 1, step: span / 2, format: span < 0.02 ? "0.00%" : span < 0.2 ? "0.0%" : "0%" };
}

const spans = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];

/** In days: from 0 up to a round duration that none of these exceeds, in at most four steps. */
function durationAxis(durations: readonly number[]): Axis {
  const longest = Math.max(...durations);
  const minutes = stepsInMinutes.find((each) => each * 4 * 60_000 >= longest * millisecondsPerDay) ?? 1440;
  const step = minutes / 1440;
  return {
    min: 0,
    max: Math.max(1, Math.ceil(longest / step)) * step,
    step,
    format: minutes < 1 ? "[h]:mm:ss" : "[h]:mm",
  };
}

const stepsInMinutes = [0.25, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720];

function days(point: DurationPoint | undefined, percentile: "p50Ms" | "p95Ms"): number | null {
  return point === undefined ? null : point[percentile] / millisecondsPerDay;
}
