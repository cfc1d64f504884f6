import { absoluteReference, type Block } from "./reference.ts";
import { anyText, attributes, declaration, escaped, namespaces } from "./xml.ts";

/** A native chart of lines over the same categories. What it shows are cells; their values are kept beside, as Excel does. */
export interface LineChart {
  title: string;
  /** The chart in words, for those who do not see it. */
  alt: string;
  categories: { cells: Block; values: readonly string[] };
  series: readonly Series[];
  /** Of the vertical axis. */
  axis: Axis;
}

interface Series {
  name: string;
  cells: Block;
  /** `null` leaves a gap. */
  values: readonly (number | null)[];
  look: "line" | "dashed";
  /** `#rrggbb` */
  colour: string;
  /** Points that stand out as larger diamonds, in a colour of their own. */
  flagged?: { indices: readonly number[]; colour: string };
}

export interface Axis {
  min: number;
  max: number;
  step: number;
  /** Excel number format. */
  format: string;
}

/** The part of a chart. */
export function lineChartXml({ title, categories, series, axis }: LineChart): string {
  return [
    declaration,
    `<c:chartSpace xmlns:c="${namespaces.chart}" xmlns:a="${namespaces.drawing}" xmlns:r="${namespaces.relationships}">`,
    '<c:roundedCorners val="0"/><c:chart>',
    titleXml(title),
    '<c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>',
    '<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>',
    ...series.map((one, index) => seriesXml(one, index, categories)),
    `<c:marker val="1"/><c:axId val="${axisIds.category}"/><c:axId val="${axisIds.value}"/></c:lineChart>`,
    categoryAxis(),
    valueAxis(axis),
    '</c:plotArea><c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>',
    `<c:spPr><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill>${noLine}</c:spPr>`,
    '<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr><a:latin typeface="Calibri"/></a:defRPr></a:pPr><a:endParaRPr lang="en"/></a:p></c:txPr>',
    "</c:chartSpace>",
  ].join("");
}

const axisIds = { category: 10, value: 20 } as const;
const noLine = "<a:ln><a:noFill/></a:ln>";
const inks = { text: "1F2A44", quiet: "5B6577", grid: "E4E8EE", axis: "9AA4B2" } as const;

function titleXml(title: string): string {
  const look = (tag: string) =>
    `<a:${tag}${tag === "rPr" ? ' lang="en"' : ""} sz="1000" b="1"><a:solidFill><a:srgbClr val="${inks.text}"/></a:solidFill></a:${tag}>`;
  return (
    `<c:title><c:tx><c:rich><a:bodyPr/><a:lstStyle/><a:p><a:pPr>${look("defRPr")}</a:pPr>` +
    `<a:r>${look("rPr")}<a:t>${anyText(title)}</a:t></a:r></a:p></c:rich></c:tx><c:overlay val="0"/></c:title>`
  );
}

function seriesXml(series: Series, index: number, categories: LineChart["categories"]): string {
  const { name, look, colour, flagged } = series;
  return [
    `<c:ser><c:idx val="${index}"/><c:order val="${index}"/>`,
    `<c:tx><c:v>${escaped(name)}</c:v></c:tx>`,
    `<c:spPr><a:ln w="${look === "line" ? 25_400 : 15_875}" cap="rnd">${fill(colour)}`,
    `${look === "dashed" ? '<a:prstDash val="dash"/>' : ""}<a:round/></a:ln></c:spPr>`,
    look === "line" ? marker("circle", 4, colour) : '<c:marker><c:symbol val="none"/></c:marker>',
    ...(flagged?.indices ?? []).map(
      (point) =>
        `<c:dPt><c:idx val="${point}"/>${marker("diamond", 9, flagged?.colour ?? colour)}<c:bubble3D val="0"/></c:dPt>`,
    ),
    `<c:cat><c:strRef>${formula(categories.cells)}<c:strCache>${cached(categories.values)}</c:strCache></c:strRef></c:cat>`,
    `<c:val><c:numRef>${formula(series.cells)}<c:numCache><c:formatCode>General</c:formatCode>${cached(series.values)}</c:numCache></c:numRef></c:val>`,
    '<c:smooth val="0"/></c:ser>',
  ].join("");
}

function marker(symbol: string, size: number, colour: string): string {
  return `<c:marker><c:symbol val="${symbol}"/><c:size val="${size}"/><c:spPr>${fill(colour)}${noLine}</c:spPr></c:marker>`;
}

function fill(colour: string): string {
  return `<a:solidFill><a:srgbClr val="${colour.slice(1)}"/></a:solidFill>`;
}

function formula(cells: Block): string {
  return `<c:f>${escaped(absoluteReference(cells))}</c:f>`;
}

function cached(values: readonly (string | number | null)[]): string {
  const points = values.map((value, index) =>
    value === null ? "" : `<c:pt idx="${index}"><c:v>${escaped(String(value))}</c:v></c:pt>`,
  );
  return `<c:ptCount val="${values.length}"/>${points.join("")}`;
}

function categoryAxis(): string {
  return [
    `<c:catAx><c:axId val="${axisIds.category}"/><c:scaling><c:orientation val="minMax"/></c:scaling>`,
    '<c:delete val="0"/><c:axPos val="b"/><c:numFmt formatCode="General" sourceLinked="0"/>',
    '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>',
    `<c:spPr><a:ln w="9525"><a:solidFill><a:srgbClr val="${inks.axis}"/></a:solidFill></a:ln></c:spPr>${tickText}`,
    `<c:crossAx val="${axisIds.value}"/><c:crosses val="min"/><c:auto val="0"/><c:lblAlgn val="ctr"/>`,
    '<c:lblOffset val="100"/><c:tickLblSkip val="4"/><c:noMultiLvlLbl val="1"/></c:catAx>',
  ].join("");
}

function valueAxis({ min, max, step, format }: Axis): string {
  return [
    `<c:valAx><c:axId val="${axisIds.value}"/><c:scaling><c:orientation val="minMax"/>`,
    `<c:max val="${max}"/><c:min val="${min}"/></c:scaling>`,
    '<c:delete val="0"/><c:axPos val="l"/>',
    `<c:majorGridlines><c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="${inks.grid}"/></a:solidFill></a:ln></c:spPr></c:majorGridlines>`,
    `<c:numFmt${attributes({ formatCode: format, sourceLinked: 0 })}/>`,
    '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>',
    `<c:spPr>${noLine}</c:spPr>${tickText}`,
    `<c:crossAx val="${axisIds.category}"/><c:crosses val="min"/><c:crossBetween val="between"/>`,
    `<c:majorUnit val="${step}"/></c:valAx>`,
  ].join("");
}

const tickText =
  '<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="800">' +
  `<a:solidFill><a:srgbClr val="${inks.quiet}"/></a:solidFill></a:defRPr></a:pPr><a:endParaRPr lang="en"/></a:p></c:txPr>`;
