import { english, momentText, none, soFarInWords, weekDates } from "@runledger/wording";
import { type WeeklyReport, worstFirst } from "@runledger/sla";
import { attainedChart } from "./trend-charts.ts";
import { toPixels, type AnchorPoint, type Drawing, type TextBox } from "../xlsx/drawing.ts";

/**
 * What makes the summary a page: below the table what the report is of and how many objectives got which verdict,
 * and the 13 weeks of the worst objectives. None of it is in a cell, so that the table is all there is to read.
 */
export function summaryPage(report: WeeklyReport, widths: readonly number[]): Drawing[] {
  const width = widths.reduce((sum, each) => sum + toPixels(each), 0);
  const place = (left: number, right: number, top: number, rows: number) => ({
    from: anchorAt(left * width, top, widths),
    to: anchorAt(right * width - gap, top + rows, widths),
  });
  const top = report.objectives.length + 3;
  const charts = worstFirst(report.objectives)
    .map((objective) => attainedChart(report, objective))
    .filter((chart) => chart !== null)
    .slice(0, mostCharts);
  return [
    { ...place(0, 2 / chartsPerRow, top, textRows), content: aboutReport(report) },
    { ...place(2 / chartsPerRow, 1, top, textRows), content: verdictCounts(report) },
    ...charts.map((chart, index) => {
      const [column, row] = [index % chartsPerRow, Math.floor(index / chartsPerRow)];
      const chartTop = top + textRows + 1 + row * rowsPerChart;
      return {
        ...place(column / chartsPerRow, (column + 1) / chartsPerRow, chartTop, rowsPerChart),
        content: { kind: "chart", chart } as const,
      };
    }),
  ];
}

const mostCharts = 6;
const chartsPerRow = 3;
/** Rows without cells are 20 pixels high. */
const rowsPerChart = 15;
const textRows = 7;
/** Between drawings, in pixels. */
const gap = 8;

function aboutReport(report: WeeklyReport): TextBox {
  const { agreement, week, revision, asOf, dataThrough } = report;
  const soFar = soFarInWords(report);
  const moment = (instant: Date) => momentText(instant, week.timezone);
  return {
    kind: "text",
    valueAt: 110,
    lines: [
      { label: "Agreement", value: `${agreement.title} (${agreement.id})` },
      { label: "Customer", value: agreement.customer },
      { label: "Week", value: [week.id, weekDates(week), soFar].filter((part) => part !== null).join(", ") },
      {
        label: "From – to",
        value: `${moment(week.start)} – ${moment(week.end)}: ${week.hours} hours in ${week.timezone}`,
      },
      { label: "Revision", value: revision === 0 ? "none: the week is not closed yet" : String(revision) },
      {
        label: "As of",
        value: `${moment(asOf)}; data up to ${dataThrough === null ? none : moment(dataThrough)}`,
      },
    ],
  };
}

function verdictCounts({ objectives }: WeeklyReport): TextBox {
  return {
    kind: "text",
    valueAt: 150,
    lines: Object.entries(english.verdicts).map(([verdict, label]) => ({
      label: `${label.charAt(0).toUpperCase()}${label.slice(1)}`,
      value: String(objectives.filter((objective) => objective.verdict === verdict).length),
    })),
  };
}

/** The cell that is so many pixels from the left, and how far into it. */
function anchorAt(pixels: number, row: number, widths: readonly number[]): AnchorPoint {
  let offset = pixels;
  for (const [index, width] of widths.entries()) {
    if (offset < toPixels(width)) return { column: index + 1, row, offset };
    offset -= toPixels(width);
  }
  return { column: widths.length + 1, row, offset };
}
