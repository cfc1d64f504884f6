import { beforeAll, describe, expect, it } from "vitest";
import { writeWorkbook } from "../src/workbook.ts";
import { fixtureReport, objective } from "@runledger/sla/testing/fixture-report";
import { parts, read } from "../src/testing/workbook-fixture.ts";

describe("the charts of a workbook", () => {
  let xml: Record<string, string>;
  let trend: unknown[][];

  beforeAll(async () => {
    const workbook = await writeWorkbook(fixtureReport());
    xml = await parts(workbook);
    trend = (await read(workbook))["Trend"] ?? [];
  });

  it("show each objective on Summary and on Trend, and each pipeline's durations", () => {
    const titles = charts(xml).map((chart) => /<a:t>([^<·]*) · /.exec(chart)?.[1]);
    expect(titles).toEqual([
      "by-six", "fast", "enough", "succeeds", "fresh",
      "succeeds", "fast", "by-six", "fresh", "enough",
      "orders-to-warehouse",
    ]); // prettier-ignore
  });

  it("draw the cells of Trend, and carry the values that these hold", () => {
    for (const chart of charts(xml)) {
      const drawn = [
        ...chart.matchAll(/<c:f>([^<]*)<\/c:f>.*?<c:ptCount val="(\d+)"\/>(.*?)<\/c:(?:str|num)Cache>/g),
      ];
      expect(drawn).toHaveLength(4);
      for (const [, reference = "", count, cached = ""] of drawn) {
        const cells = cellsAt(trend, reference);
        expect(cells).toHaveLength(Number(count));
        const points = new Map(
          [...cached.matchAll(/<c:pt idx="(\d+)"><c:v>([^<]*)</g)].map(([, index, value]) => [
            Number(index),
            value,
          ]),
        );
        expect(cells.map(asText)).toEqual(cells.map((_, index) => points.get(index) ?? null));
      }
    }
  });

  it("draw one objective's weeks only, its target dashed", () => {
    const chart = charts(xml).find((each) => each.includes("<a:t>by-six")) ?? "";
    const [weeks, target] = [...chart.matchAll(/<c:f>'Trend'!\$(\w)\$(\d+):\$\w\$(\d+)<\/c:f>/g)];
    expect(trend.slice(Number(weeks?.[2]) - 1, Number(weeks?.[3])).map((cells) => cells[1])).toEqual(
      Array.from({ length: 13 }, () => "by-six"),
    );
    expect(trend[0]?.[columnNumber(target?.[1]) - 1]).toBe("Target");
    expect(chart.match(/prstDash val="dash"/g)).toHaveLength(1);
  });

  it("have axes on which every value is to be seen, and none that hide how they differ", () => {
    const isOfDurations = (chart: string) => chart.includes("run duration");
    for (const chart of charts(xml)) {
      const { min, max, step } = axisOf(chart);
      const values = valuesOf(chart);
      const [lowest, highest] = [Math.min(...values), Math.max(...values)];
      expect(lowest).toBeGreaterThanOrEqual(min);
      expect(highest).toBeLessThanOrEqual(max);
      expect((max - min) / step).toBeLessThanOrEqual(4 + 1e-9);
      expect(isOfDurations(chart) ? min : max).toBe(isOfDurations(chart) ? 0 : 1);
      // The furthest value is past a third of the axis, but for the shortest axis that there is.
      const furthest = isOfDurations(chart) ? highest / max : (1 - lowest) / (1 - min);
      expect(furthest > 1 / 3 || min === 0.999).toBe(true);
    }
  });

  it("mark missed weeks by shape, not by colour alone", () => {
    const chart = charts(xml).find((each) => each.includes("<a:t>by-six")) ?? "";
    const marked = [...chart.matchAll(/<c:dPt><c:idx val="(\d+)"\/><c:marker><c:symbol val="diamond"/g)];
    expect(marked.map(([, index]) => Number(index))).toEqual([4, 12]);
  });

  it("leave a gap where a week has no figure", () => {
    const chart = charts(xml).find((each) => each.includes("<a:t>enough")) ?? "";
    expect(chart).toContain('<c:dispBlanksAs val="gap"/>');
    expect(chart).toContain('<c:ptCount val="10"/>');
    expect(chart).not.toContain('<c:pt idx="9"><c:v>0</c:v>');
  });

  it("say in words what they show", () => {
    expect(xml["xl/drawings/drawing1.xml"]).toContain(
      'descr="by-six · 80.00%, target 99% (dashed). Lowest 80.00% in 2026-W04. Weeks 2025-W52 to 2026-W12; a missed week is a diamond."',
    );
  });

  it("order their elements as the schema has it, lest Excel calls the file damaged", () => {
    for (const chart of charts(xml)) {
      expect(childrenOf(chart, "c:lineChart")).toEqual(
        ["c:grouping", "c:varyColors", "c:ser", "c:ser", "c:marker", "c:axId", "c:axId"],
      ); // prettier-ignore
      const series = [
        "c:idx",
        "c:order",
        "c:tx",
        "c:spPr",
        "c:marker",
        "c:dPt",
        "c:cat",
        "c:val",
        "c:smooth",
      ];
      for (const [one] of chart.matchAll(/<c:ser>.*?<\/c:ser>/g)) {
        expect(isInOrder(childrenOf(one, "c:ser"), series)).toBe(true);
      }
      const axis = ["c:axId", "c:scaling", "c:delete", "c:axPos", "c:majorGridlines", "c:numFmt", "c:majorTickMark", "c:minorTickMark", "c:tickLblPos", "c:spPr", "c:txPr", "c:crossAx", "c:crosses", "c:crossBetween", "c:majorUnit"]; // prettier-ignore
      expect(isInOrder(childrenOf(chart, "c:valAx"), axis)).toBe(true);
    }
  });

  it("are all declared, related and placed", () => {
    const files = Object.keys(xml);
    for (const path of files.filter((file) => file.endsWith(".rels"))) {
      const folder = path.replace(/_rels\/[^/]*$/, "");
      for (const [, target = ""] of (xml[path] ?? "").matchAll(/Target="([^"]*)"/g)) {
        expect(files, path).toContain(new URL(target, `zip:///${folder}`).pathname.slice(1));
      }
    }
    const declared = [...(xml["[Content_Types].xml"] ?? "").matchAll(/PartName="\/([^"]*)"/g)].map(
      ([, part]) => part,
    );
    expect(new Set(declared)).toEqual(
      new Set(files.filter((file) => !/\.(rels|vml)$/.test(file) && file !== "[Content_Types].xml")),
    );
  });
});

it("charts no objective that has no weeks yet", async () => {
  const report = fixtureReport({ objectives: [objective({ id: "new" })] });
  const xml = await parts(await writeWorkbook(report));
  expect(charts(xml)).toEqual([]);
  expect(xml["xl/worksheets/sheet7.xml"]).not.toContain("<drawing ");
});

/** In the order of their numbers. */
function charts(xml: Record<string, string>): string[] {
  const count = Object.keys(xml).filter((path) => path.startsWith("xl/charts/")).length;
  return Array.from({ length: count }, (_, index) => xml[`xl/charts/chart${index + 1}.xml`] ?? "");
}

function cellsAt(rows: unknown[][], reference: string): unknown[] {
  const [, name, first, last] = /^'Trend'!\$([A-Z]+)\$(\d+):\$\1\$(\d+)$/.exec(reference) ?? [];
  const column = columnNumber(name);
  return rows.slice(Number(first) - 1, Number(last)).map((cells) => cells[column - 1] ?? null);
}

/** From 1, as far as Z. */
function columnNumber(name = ""): number {
  return name.charCodeAt(0) - 64;
}

/** The reader takes durations for dates after the last day of 1899. */
function asText(cell: unknown): string | null {
  if (cell instanceof Date) return String((cell.getTime() - Date.parse("1899-12-30T00:00:00Z")) / 86_400_000);
  return typeof cell === "string" || typeof cell === "number" ? String(cell) : null;
}

/** The names of the elements right below the first of this name. */
function childrenOf(xml: string, parent: string): string[] {
  const start = xml.indexOf(`<${parent}>`);
  const children: string[] = [];
  let depth = 0;
  for (const [, closing, name = "", selfClosed] of xml.slice(start).matchAll(/<(\/?)([\w:]+)[^>]*?(\/?)>/g)) {
    if (depth === 1 && closing === "") children.push(name);
    if (closing === "/") depth -= 1;
    else if (selfClosed !== "/") depth += 1;
    if (depth === 0) break;
  }
  return children;
}

function isInOrder(names: readonly string[], order: readonly string[]): boolean {
  const places = names.map((name) => order.indexOf(name));
  return places.every((place, index) => place >= 0 && place >= (places[index - 1] ?? 0));
}

function axisOf(chart: string) {
  const number = (tag: string) =>
    Number(new RegExp(`<c:valAx>.*<c:${tag} val="([^"]*)"`, "u").exec(chart)?.[1] ?? Number.NaN);
  return { min: number("min"), max: number("max"), step: number("majorUnit") };
}

/** All that a chart draws. */
function valuesOf(chart: string): number[] {
  return [...chart.matchAll(/<c:numCache>.*?<\/c:numCache>/gu)].flatMap(([cache]) =>
    [...cache.matchAll(/<c:v>([^<]*)</gu)].map(([, value]) => Number(value)),
  );
}
