import { type TrendPoint, type WeeklyReport, attainedIn } from "@runledger/sla";
import { attained, blank, count, duration, target, text, verdict } from "./cell.ts";
import { verdictWords } from "./emphasis.ts";
import { sheetOf } from "./sheet.ts";
import type { Column, Sheet } from "./sheet.ts";
import { attainedChart, durationChart } from "./trend-charts.ts";
import { trendHeaders, trendRows, type TrendHeader } from "./trend-rows.ts";
import type { Drawing } from "../xlsx/drawing.ts";

/**
 * The last 13 weeks of each objective, oldest first; to the right each as a chart, and how long the runs of each
 * pipeline took.
 */
export function trendSheet(report: WeeklyReport): Sheet {
  const columns = columnsOf(report);
  return {
    ...sheetOf(
      "Trend",
      trendHeaders.map((header) => ({ header, ...columns[header] })),
      trendRows(report),
    ),
    drawings: () => chartsOf(report),
  };
}

function columnsOf({
  objectives,
  durations,
}: WeeklyReport): Record<TrendHeader, Omit<Column<TrendPoint>, "header">> {
  const objectiveOf = new Map(objectives.map((objective) => [objective.id, objective]));
  const durationsOf = Map.groupBy(durations, ({ pipelineUuid }) => pipelineUuid);
  const durationIn = ({ week, objective }: TrendPoint) =>
    durationsOf.get(objectiveOf.get(objective)?.pipelineUuid ?? "")?.find((point) => point.week === week);
  return {
    Week: { cell: ({ week }) => text(week) },
    Objective: { cell: ({ objective }) => text(objective) },
    Total: { note: "Runs or days; seconds for freshness", cell: ({ share }) => count(share.total) },
    Attained: {
      note: "Good / total, rounded down; blank without a verdict",
      cell: (point) => attained(attainedIn(point)),
    },
    Verdict: { format: verdictWords, cell: (point) => verdict(point.verdict) },
    Target: {
      note: "As it is agreed now",
      cell: ({ objective }) => {
        const agreed = objectiveOf.get(objective)?.target;
        return agreed === undefined ? blank : target(agreed);
      },
    },
    "Median duration": {
      note: "Of the pipeline's runs; hours, minutes, seconds",
      cell: (point) => duration(durationIn(point)?.p50Ms ?? null),
    },
    "95th percentile": {
      note: "Of the durations of the pipeline's runs; hours, minutes, seconds",
      cell: (point) => duration(durationIn(point)?.p95Ms ?? null),
    },
  };
}

/** The size of a chart, the gap after it included: columns that have no width of their own are 64 pixels wide. */
const columnsPerChart = 8;
const rowsPerChart = 10;

/** A column of charts for the objectives, and one for their pipelines. */
function chartsOf(report: WeeklyReport): Drawing[] {
  const { objectives } = report;
  const firstOfPipelines = objectives.filter(
    ({ pipelineUuid }, index) =>
      objectives.findIndex((other) => other.pipelineUuid === pipelineUuid) === index,
  );
  const chartColumns = [
    objectives.map((objective) => attainedChart(report, objective)),
    firstOfPipelines.map((objective) => durationChart(report, objective)),
  ];
  return chartColumns.flatMap((charts, column) =>
    charts
      .filter((chart) => chart !== null)
      .map((chart, index) => {
        const left = trendHeaders.length + 2 + column * columnsPerChart;
        const top = 2 + index * rowsPerChart;
        return {
          content: { kind: "chart", chart } as const,
          from: { column: left, row: top, offset: 0 },
          to: { column: left + columnsPerChart - 1, row: top + rowsPerChart, offset: 40 },
        };
      }),
  );
}
