import { createRequire } from "node:module";
import { createCanvas, GlobalFonts } from "@napi-rs/canvas";
import { CategoryScale, Chart, LinearScale, LineController, LineElement, PointElement } from "chart.js";
import type { ChartConfiguration, Plugin } from "chart.js";
import { DateTime } from "luxon";
import {
  type Language,
  type Notation,
  attainedFraction,
  attainedText,
  shortened,
  targetText,
  verdictColours,
} from "@runledger/wording";
import {
  type ObjectiveResult,
  type TrendPoint,
  type ReportWithoutRuns,
  attainedIn,
  lowestOf,
  worstFirst,
} from "@runledger/sla";

/** Weeks shown, the report's own last. */
export const chartWeeks = 13;

/** The most bands that a picture in a mail should have. */
const mostBands = 12;

/** In CSS pixels; phones have two or more dots to each. Narrow, so that text stays legible when scaled to a phone. */
const chartWidth = 480;
const density = 2;
const bandHeight = 68;
const axisHeight = 30;

/**
 * Draws the attained share of the last 13 weeks: a band for each of the charted objectives with its target
 * as a dashed line. Bands have their own scale, so that 99.5 % and 80 % are both legible; a missed week is a red
 * diamond and a week without a figure is a gap. The font travels along: the picture is the same on every machine.
 */
export function trendChart(report: ReportWithoutRuns, language: Language): ChartPictures {
  registerFont();
  const series = charted(report).map((objective) => seriesOf(objective, report));
  const canvas = createCanvas(chartWidth, series.length * bandHeight + axisHeight);
  const chart = new Chart(canvas, configuration(series, lastWeeks(report), language));
  // Encoded on this thread: worker threads retain the memory.
  const pictures = { png: canvas.toBuffer("image/png"), webp: canvas.toBuffer("image/webp", 50) };
  chart.destroy();
  // The collector does not see how large a canvas is, and would leave many lying about.
  canvas.width = 1;
  canvas.height = 1;
  return pictures;
}

/** The same picture twice: every mail program shows PNG; browsers show WebP, at a fraction of the size. */
export interface ChartPictures {
  png: Buffer;
  webp: Buffer;
}

/** The chart in words and numbers, for those who do not see it. */
export function trendAlt(report: ReportWithoutRuns, { notation, mail }: Language): string {
  const lines = charted(report).map((objective) => {
    const lowest = lowestOf(report.trend.filter((point) => point.objective === objective.id));
    return mail.chartLine(
      nameOf(objective),
      attainedText(attainedIn(objective), notation),
      targetText(objective.target, notation),
      lowest === null ? null : { attained: attainedText(lowest.share, notation), week: lowest.week },
    );
  });
  return mail.chartAlt(chartWeeks, lines);
}

/** The objectives the chart shows: the worst, and no more than fit. */
export function charted({ objectives }: ReportWithoutRuns): ObjectiveResult[] {
  return worstFirst(objectives).slice(0, mostBands);
}

function nameOf({ id }: ObjectiveResult): string {
  return shortened(id, 40);
}

interface Series {
  objective: ObjectiveResult;
  /** Per week, percent; `null` where there is no figure. */
  attained: (number | null)[];
  missed: boolean[];
}

function seriesOf(objective: ObjectiveResult, report: ReportWithoutRuns): Series {
  const points = new Map<string, TrendPoint>();
  for (const point of report.trend) if (point.objective === objective.id) points.set(point.week, point);
  const weekly = lastWeeks(report).map((week) => points.get(week));
  return {
    objective,
    attained: weekly.map((point) =>
      percent(point === undefined ? null : attainedFraction(attainedIn(point))),
    ),
    missed: weekly.map((point) => point?.verdict === "missed"),
  };
}

/** The ids of the weeks shown, whether or not there are figures for them. */
function lastWeeks({ week }: ReportWithoutRuns): string[] {
  const start = DateTime.fromJSDate(week.start, { zone: week.timezone });
  return Array.from({ length: chartWeeks }, (_, index) =>
    start.minus({ weeks: chartWeeks - 1 - index }).toFormat("kkkk-'W'WW"),
  );
}

function percent(fraction: number | null): number | null {
  return fraction === null ? null : fraction * 100;
}

const fontFamily = "Runledger Inter";
const tickFont = { family: fontFamily, size: 12 };
const colours = { line: "#2F5AA8", text: "#1F2A44", quiet: "#5B6577", target: "#9AA4B2" };

function configuration(
  series: readonly Series[],
  weeks: readonly string[],
  { notation, mail }: Language,
): ChartConfiguration<"line"> {
  Chart.register(LineController, LineElement, PointElement, LinearScale, CategoryScale);
  return {
    type: "line",
    data: {
      labels: weeks.map((week) => mail.week(Number(week.slice(-2)))),
      datasets: series.map(({ attained, missed }, index) => ({
        data: attained,
        yAxisID: axisOf(index),
        borderColor: colours.line,
        borderWidth: 2,
        clip: false,
        pointStyle: missed.map((isMissed) => (isMissed ? "rectRot" : "circle")),
        pointRadius: missed.map((isMissed) => (isMissed ? 6 : 2.5)),
        pointBackgroundColor: missed.map((isMissed) => (isMissed ? verdictColours.missed.ink : colours.line)),
        pointBorderColor: "#FFFFFF",
        pointBorderWidth: 1,
      })),
    },
    options: {
      responsive: false,
      animation: false,
      devicePixelRatio: density,
      layout: { padding: { right: 84 } },
      scales: Object.fromEntries([
        ["x", weekAxis],
        ...series.map((one, index) => [axisOf(index), band(one, index, notation)]),
      ]),
    },
    plugins: [whiteGround, bandTexts(series, notation)],
  };
}

function axisOf(index: number): string {
  return `y${index}`;
}

const weekAxis = {
  grid: { display: false },
  border: { color: colours.target },
  ticks: {
    color: colours.quiet,
    font: tickFont,
    maxRotation: 0,
    autoSkip: false,
    callback(this: { getLabelForValue: (value: number) => string }, _: unknown, index: number) {
      return index % 2 === 0 ? this.getLabelForValue(index) : "";
    },
  },
};

/** One band of the stack, the first on top; its only tick is the target. */
function band({ objective, attained }: Series, index: number, notation: Notation) {
  const target = (objective.target.numerator * 100) / objective.target.denominator;
  const lowest = Math.min(target, ...attained.filter((value) => value !== null));
  const span = Math.max(100 - lowest, 0.1);
  return {
    type: "linear" as const,
    stack: "bands",
    stackWeight: 1,
    weight: -index,
    min: lowest - span * 0.25,
    max: 100 + span * 1.1,
    border: { display: false, dash: [4, 4] },
    grid: { color: colours.target, drawTicks: false },
    ticks: {
      color: colours.quiet,
      font: tickFont,
      padding: 8,
      callback: () => targetText(objective.target, notation),
    },
    afterFit: (axis: { width: number }) => {
      axis.width = 58;
    },
    afterBuildTicks: (axis: { ticks: { value: number }[] }) => {
      axis.ticks = [{ value: target }];
    },
  };
}

/** Mail programs with a dark ground show pictures as they are. */
const whiteGround: Plugin<"line"> = {
  id: "white-ground",
  beforeDraw: ({ ctx, width, height }) => {
    ctx.fillStyle = "#FFFFFF";
    ctx.fillRect(0, 0, width, height);
  },
};

/** The objective's name at the top left of its band, this week's figure at the right, level with its point. */
function bandTexts(series: readonly Series[], notation: Notation): Plugin<"line"> {
  return {
    id: "band-texts",
    afterDraw: ({ ctx, scales, chartArea }) => {
      for (const [index, { objective, attained, missed }] of series.entries()) {
        const axis = scales[axisOf(index)];
        if (axis === undefined) continue;
        ctx.textBaseline = "top";
        ctx.font = `600 14px ${fontFamily}`;
        ctx.fillStyle = colours.text;
        ctx.fillText(nameOf(objective), chartArea.left + 6, axis.top + 2);
        ctx.fillStyle = missed.at(-1) === true ? verdictColours.missed.ink : colours.text;
        ctx.textBaseline = "middle";
        const level = axis.getPixelForValue(attained.at(-1) ?? axis.ticks[0]?.value ?? axis.max);
        ctx.fillText(attainedText(attainedIn(objective), notation), chartArea.right + 10, level);
      }
    },
  };
}

function registerFont(): void {
  if (GlobalFonts.has(fontFamily)) return;
  const { resolve } = createRequire(import.meta.url);
  for (const weight of [400, 600]) {
    GlobalFonts.registerFromPath(
      resolve(`@fontsource/inter/files/inter-latin-${weight}-normal.woff2`),
      fontFamily,
    );
  }
}
