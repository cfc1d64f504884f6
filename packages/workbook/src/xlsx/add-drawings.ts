import { chartsIn, drawingXml } from "./drawing.ts";
import { addPart, placeDrawing, relation } from "./exceljs-workarounds.ts";
import { lineChartXml } from "./line-chart.ts";
import { relationsPath, type Parts } from "./parts.ts";
import type { Worksheet } from "./worksheet.ts";
import { declaration } from "./xml.ts";

/** Adds the charts and text boxes of sheets to the parts of a workbook. */
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
    placeDrawing(parts, `xl/worksheets/sheet${index + 1}.xml`, `../drawings/${name}`);
  }
}

function relations(list: readonly string[]): string {
  const namespace = "http://schemas.openxmlformats.org/package/2006/relationships";
  return `${declaration}<Relationships xmlns="${namespace}">${list.join("")}</Relationships>`;
}
