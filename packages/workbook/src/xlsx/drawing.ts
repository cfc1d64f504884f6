import type { LineChart } from "./line-chart.ts";
import { anyText, attributes, declaration, namespaces } from "./xml.ts";

/** What stands on a sheet beside its cells, between two points: as columns grow wider, so does it. */
export interface Drawing {
  from: AnchorPoint;
  to: AnchorPoint;
  content: { kind: "chart"; chart: LineChart } | TextBox;
}

/** Labels in bold, each with its value; nothing of it is in a cell. */
export interface TextBox {
  kind: "text";
  lines: readonly { label: string; value: string }[];
  /** Where values begin, in pixels of 1/96 inch from the left. */
  valueAt: number;
}

/** The top left corner of a cell, and pixels to the right of it, no more than the cell is wide. All count from 1. */
export interface AnchorPoint {
  column: number;
  row: number;
  /** In pixels of 1/96 inch. */
  offset: number;
}

/** The pixels that a column takes whose width is given in characters, in Calibri 11. */
export function toPixels(characters: number): number {
  return Math.floor(characters * 7 + 5);
}

/** The charts of a sheet, in the order in which `drawingXml` relates to them. */
export function chartsIn(drawings: readonly Drawing[]): LineChart[] {
  return drawings.flatMap(({ content }) => (content.kind === "chart" ? [content.chart] : []));
}

/** The part that places a sheet's drawings; its charts are its relations `rId1`, `rId2`, …. */
export function drawingXml(drawings: readonly Drawing[]): string {
  let charts = 0;
  const anchors = drawings.map(({ from, to, content }, index) => {
    const id = index + 2;
    const inner = content.kind === "chart" ? chartFrame(content.chart, id, ++charts) : textShape(content, id);
    return (
      `<xdr:twoCellAnchor><xdr:from>${pointXml(from)}</xdr:from><xdr:to>${pointXml(to)}</xdr:to>` +
      `${inner}<xdr:clientData/></xdr:twoCellAnchor>`
    );
  });
  return (
    `${declaration}<xdr:wsDr xmlns:xdr="${namespaces.sheetDrawing}" xmlns:a="${namespaces.drawing}">` +
    `${anchors.join("")}</xdr:wsDr>`
  );
}

/** English metric units, of which an inch has 914,400. */
const unitsPerPixel = 9525;
const noSize = '<a:off x="0" y="0"/><a:ext cx="0" cy="0"/>';

function chartFrame({ alt }: LineChart, id: number, number: number): string {
  return [
    '<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr>',
    `<xdr:cNvPr${attributes({ id, name: `Chart ${number}`, descr: alt })}/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr>`,
    `<xdr:xfrm>${noSize}</xdr:xfrm><a:graphic><a:graphicData uri="${namespaces.chart}">`,
    `<c:chart xmlns:c="${namespaces.chart}" xmlns:r="${namespaces.relationships}" r:id="rId${number}"/>`,
    "</a:graphicData></a:graphic></xdr:graphicFrame>",
  ].join("");
}

function textShape({ lines, valueAt }: TextBox, id: number): string {
  const alt = lines.map(({ label, value }) => `${label}: ${value}`).join("; ");
  const tab = `<a:pPr><a:tabLst><a:tab pos="${valueAt * unitsPerPixel}" algn="l"/></a:tabLst></a:pPr>`;
  const paragraphs = lines.map(
    ({ label, value }) => `<a:p>${tab}${textRun(label, true)}${textRun(`\t${value}`, false)}</a:p>`,
  );
  return [
    `<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr${attributes({ id, name: `Text ${id}`, descr: alt })}/>`,
    '<xdr:cNvSpPr txBox="1"/></xdr:nvSpPr>',
    `<xdr:spPr><a:xfrm>${noSize}</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln></xdr:spPr>`,
    `<xdr:txBody><a:bodyPr wrap="square"/><a:lstStyle/>${paragraphs.join("")}</xdr:txBody></xdr:sp>`,
  ].join("");
}

function textRun(text: string, isBold: boolean): string {
  return (
    `<a:r><a:rPr lang="en" sz="1100"${isBold ? ' b="1"' : ""}><a:solidFill><a:srgbClr val="1F2A44"/></a:solidFill><a:latin typeface="Calibri"/></a:rPr>` +
    `<a:t>${anyText(text)}</a:t></a:r>`
  );
}

function pointXml({ column, row, offset }: AnchorPoint): string {
  return (
    `<xdr:col>${column - 1}</xdr:col><xdr:colOff>${Math.round(offset) * unitsPerPixel}</xdr:colOff>` +
    `<xdr:row>${row - 1}</xdr:row><xdr:rowOff>0</xdr:rowOff>`
  );
}
