import { chartsIn, drawingXml } from "./drawing.ts";
import { lineChartXml } from "./line-chart.ts";
import { insertBefore, relationsPath, type Parts } from "./parts.ts";
import type { Worksheet } from "./worksheet.ts";
import { attributes, declaration, namespaces } from "./xml.ts";

/** Adds the charts and text boxes of sheets, which exceljs does not have, to the parts that it wrote. */
export function addDrawings(parts: Parts, worksheets: readonly Pick<Worksheet, "drawings">[]): void {
  let charts = 0;
  for (const [index, { drawings }] of worksheets.entries()) {
    if (drawings.length === 0) continue;
    const chartRelations = chartsIn(drawings).map((chart, position) => {
      const name = `chart${++charts}.xml`;
      addPart(parts, `xl/charts/${name}`, "drawingml.chart", lineChartXml(chart));
      return relation(`rId${position + 1}`, "chart", `../charts/${name}`);
    });
    const name = `drawing${index + 1}.xml`;
    const path = `xl/drawings/${name}`;
    addPart(parts, path, "drawing", drawingXml(drawings));
    parts.set(relationsPath(path), relations(chartRelations));
    place(parts, `xl/worksheets/sheet${index + 1}.xml`, `../drawings/${name}`);
  }
}

function addPart(parts: Parts, path: string, type: string, xml: string): void {
  parts.set(path, xml);
  const declared = attributes({
    PartName: `/${path}`,
    ContentType: `application/vnd.openxmlformats-officedocument.${type}+xml`,
  });
  insertBefore(parts, "[Content_Types].xml", "</Types>", `<Override${declared}/>`);
}

/** Drawings stand before the notes of a sheet, and these before its table; every sheet has one. */
function place(parts: Parts, sheet: string, drawing: string): void {
  const id = "drawing";
  insertBefore(parts, relationsPath(sheet), "</Relationships>", relation(id, "drawing", drawing));
  const next = parts.get(sheet)?.includes("<legacyDrawing") ? "<legacyDrawing" : "<tableParts";
  insertBefore(parts, sheet, next, `<drawing r:id="${id}"/>`);
}

function relations(list: readonly string[]): string {
  const namespace = "http://schemas.openxmlformats.org/package/2006/relationships";
  return `${declaration}<Relationships xmlns="${namespace}">${list.join("")}</Relationships>`;
}

function relation(id: string, type: string, target: string): string {
  return `<Relationship${attributes({ Id: id, Type: `${namespaces.relationships}/${type}`, Target: target })}/>`;
}
