import { createCanvas, loadImage } from "@napi-rs/canvas";
import { expect, it } from "vitest";
import type { Share, WeeklyReport } from "@runledger/sla";
import { trendAlt, trendChart } from "../src/trend-chart.ts";
import { english } from "@runledger/wording";
import { fixtureReport, objective } from "@runledger/sla/testing/fixture-report";

function pngOf(report: WeeklyReport): Buffer {
  return trendChart(report, english).png;
}

it("draws a PNG, two dots to a pixel, with a band for each objective", async () => {
  const five = await loadImage(pngOf(fixtureReport()));
  const one = await loadImage(pngOf(fixtureReport({ objectives: [objective()] })));
  expect(five.width).toBe(960);
  expect(five.height - one.height).toBe(4 * 68 * 2);
});

it("gives the same bytes for the same report", async () => {
  expect(pngOf(fixtureReport()).equals(pngOf(fixtureReport()))).toBe(true);
});

it("stands on white, so that it holds on dark ground", async () => {
  const { pixel } = await pixels(pngOf(fixtureReport()));
  expect(pixel(0, 0)).toEqual([255, 255, 255, 255]);
});

it("draws text with the font it brings along", async () => {
  const named = await pixels(
    pngOf(fixtureReport({ objectives: [objective({ id: "wwwwwwwwww" })], trend: [] })),
  );
  const dotted = await pixels(
    pngOf(fixtureReport({ objectives: [objective({ id: ".........." })], trend: [] })),
  );
  expect(named.inked).toBeGreaterThan(dotted.inked + 500);
});

it("marks a missed week in red", async () => {
  const { red } = await pixels(pngOf(fixtureReport()));
  const calm = await pixels(pngOf(fixtureReport({ objectives: [objective()] })));
  expect(red).toBeGreaterThan(100);
  expect(calm.red).toBe(0);
});

it("leaves a gap in a week without a figure", async () => {
  const report = fixtureReport({ objectives: [objective()] });
  const holed = { ...report, trend: report.trend.filter(({ week }) => week !== "2026-W05") };
  const whole = await pixels(pngOf(report));
  expect((await pixels(pngOf(holed))).inked).toBeLessThan(whole.inked - 100);
});

it("leaves the same gap in a week that has counts and no verdict", () => {
  const report = fixtureReport({ objectives: [objective()] });
  const unscored = (share: Share) => ({
    ...report,
    trend: report.trend.map((point) =>
      point.week === "2026-W05" ? { ...point, share, verdict: "insufficient_data" as const } : point,
    ),
  });
  expect(pngOf(unscored({ good: 1, total: 100 })).equals(pngOf(unscored({ good: 0, total: 0 })))).toBe(true);
  expect(trendAlt(unscored({ good: 1, total: 100 }), english)).not.toContain("W05");
});

it.each([0.99, 0.8, 0.3])(
  "gives a band the scale of its figures: down to %d and up to all of it below the name",
  async (lowest) => {
    const one = objective({ target: { numerator: 99999, denominator: 100_000 } });
    const report = fixtureReport({ objectives: [one] });
    const trend = report.trend
      .filter(({ objective: id }) => id === one.id)
      .map((point, index) => ({
        ...point,
        share: { good: index === 6 ? lowest * 10_000 : 10_000, total: 10_000 },
        verdict: "met" as const,
      }));
    const { top, bottom, height } = await lineIn(pngOf({ ...report, trend }));
    expect(top / height).toBeGreaterThan(0.3);
    expect(top / height).toBeLessThan(0.6);
    expect((bottom - top) / height).toBeGreaterThan(0.3);
    expect(bottom / height).toBeLessThan(0.97);
  },
);

it("tells its numbers in words", () => {
  const alt = trendAlt(fixtureReport(), english);
  expect(alt).toContain("by-six 80.00% (target 99%, lowest 80.00% in 2026-W04)");
  expect(alt).toContain("enough – (target 100%, lowest 100.00% in 2025-W52)");
});

/** What can be told of a picture without looking at it. */
async function pixels(png: Buffer) {
  const image = await loadImage(png);
  const context = createCanvas(image.width, image.height).getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  const pixel = (x: number, y: number) =>
    Array.from(data.subarray((y * image.width + x) * 4, (y * image.width + x) * 4 + 4));
  let inked = 0;
  let red = 0;
  for (let at = 0; at < data.length; at += 4) {
    const [r = 0, g = 0, b = 0] = data.subarray(at, at + 3);
    if (r + g + b < 600) inked += 1;
    if (r > 130 && g < 60 && b < 60) red += 1;
  }
  return { pixel, inked, red, width: image.width, height: image.height };
}

/** From where to where the line of the only band goes, from the top of it. */
async function lineIn(png: Buffer) {
  const { pixel, width, height } = await pixels(png);
  const isLine = ([r = 0, g = 0, b = 0]: number[]) => r < 70 && g > 70 && g < 110 && b > 150;
  const lines = Array.from({ length: height }, (_, y) => y).filter((y) =>
    Array.from({ length: width }, (_, x) => x).some((x) => isLine(pixel(x, y))),
  );
  return { top: lines[0] ?? 0, bottom: lines.at(-1) ?? 0, height: height - 60 };
}
