import { commentsXml, notesVml } from "./notes.ts";
import { chartsIn, drawingXml } from "./drawing.ts";
import { lineChartXml } from "./line-chart.ts";
import { appXml, coreXml, type Properties } from "./properties.ts";
import { absoluteReference, type Block } from "./reference.ts";
import { Styles } from "./styles.ts";
import { tableXml } from "./table.ts";
import { partIds, worksheetXml, type Worksheet } from "./worksheet.ts";
import { attributes, declaration, namespaces } from "./xml.ts";

export interface Book {
  properties: Properties;
  worksheets: readonly Worksheet[];
  /** Ranges that formulas, links and readers call by name. */
  names: readonly DefinedName[];
}

export interface DefinedName {
  /** Letters, digits, `_` and `.`; nothing that reads as a cell. */
  name: string;
  cells: Block;
}

/** One file of the package. */
export interface Part {
  path: string;
  content: () => Iterable<string>;
}

/**
 * A workbook as the files of its package (ECMA-376), in an order in which each can be written when those before it
 * are: the styles are numbered by the sheets that use them.
 */
export function packageParts({ properties, worksheets, names }: Book): Part[] {
  const styles = new Styles();
  const sheets = partsOfSheets(worksheets, styles);
  const parts: TypedPart[] = [
    ...sheets,
    typed("xl/styles.xml", "spreadsheetml.styles", () => [styles.xml()]),
    typed("xl/workbook.xml", "spreadsheetml.sheet.main", () => [workbookXml(worksheets, names)]),
    {
      path: "docProps/core.xml",
      type: "application/vnd.openxmlformats-package.core-properties+xml",
      content: () => [coreXml(properties)],
    },
    typed("docProps/app.xml", "extended-properties", () => [appXml()]),
  ];
  return [
    { path: "[Content_Types].xml", content: () => [contentTypes(parts)] },
    { path: "_rels/.rels", content: () => [relations(packageRelations)] },
    { path: "xl/_rels/workbook.xml.rels", content: () => [relations(workbookRelations(worksheets))] },
    ...parts,
  ];
}

interface TypedPart extends Part {
  /** Media type; `null` where that of its extension holds. */
  type: string | null;
}

interface Relation {
  id: string;
  /** The last word of its type. */
  type: string;
  target: string;
}

function typed(path: string, type: string, content: Part["content"]): TypedPart {
  return { path, type: `application/vnd.openxmlformats-officedocument.${type}+xml`, content };
}

function relationsOf(path: string, content: readonly Relation[]): TypedPart {
  const file = path.replace(/([^/]+)$/, "_rels/$1.rels");
  return { path: file, type: null, content: () => [relations(content)] };
}

function partsOfSheets(worksheets: readonly Worksheet[], styles: Styles): TypedPart[] {
  let charts = 0;
  return worksheets.flatMap((sheet, index) => {
    const firstChart = charts + 1;
    charts += chartsIn(sheet.drawings).length;
    return partsOf(sheet, index + 1, firstChart, styles);
  });
}

function partsOf(sheet: Worksheet, number: number, firstChart: number, styles: Styles): TypedPart[] {
  const { columns, drawings } = sheet;
  const charts = chartsIn(drawings);
  const path = `xl/worksheets/sheet${number}.xml`;
  const hasNotes = columns.some(({ note }) => note !== null);
  const links: Relation[] = [{ id: partIds.table, type: "table", target: `../tables/table${number}.xml` }];
  const parts: TypedPart[] = [
    typed(path, "spreadsheetml.worksheet", () => worksheetXml(sheet, styles, number === 1)),
    typed(`xl/tables/table${number}.xml`, "spreadsheetml.table", () => [tableXml(sheet, number)]),
  ];
  if (hasNotes) {
    links.push(
      { id: partIds.comments, type: "comments", target: `../comments${number}.xml` },
      { id: partIds.notes, type: "vmlDrawing", target: `../drawings/notes${number}.vml` },
    );
    parts.push(
      typed(`xl/comments${number}.xml`, "spreadsheetml.comments", () => [commentsXml(columns)]),
      { path: `xl/drawings/notes${number}.vml`, type: null, content: () => [notesVml(columns, number)] },
    );
  }
  if (drawings.length > 0) {
    const drawing = `xl/drawings/drawing${number}.xml`;
    links.push({ id: partIds.drawing, type: "drawing", target: `../drawings/drawing${number}.xml` });
    parts.push(
      typed(drawing, "drawing", () => [drawingXml(drawings)]),
      relationsOf(
        drawing,
        charts.map((_, index) => ({
          id: `rId${index + 1}`,
          type: "chart",
          target: `../charts/chart${firstChart + index}.xml`,
        })),
      ),
      ...charts.map((chart, index) =>
        typed(`xl/charts/chart${firstChart + index}.xml`, "drawingml.chart", () => [lineChartXml(chart)]),
      ),
    );
  }
  return [...parts, relationsOf(path, links)];
}

function workbookXml(worksheets: readonly Worksheet[], names: readonly DefinedName[]): string {
  const sheets = worksheets.map(
    ({ name }, index) => `<sheet${attributes({ name, sheetId: index + 1, "r:id": `rId${index + 1}` })}/>`,
  );
  const titles = worksheets.map(
    ({ name }, index) =>
      `<definedName name="_xlnm.Print_Titles" localSheetId="${index}">'${name}'!$1:$1</definedName>`,
  );
  const ranges = names.map(
    ({ name, cells }) => `<definedName name="${name}">${absoluteReference(cells)}</definedName>`,
  );
  return [
    declaration,
    `<workbook xmlns="${namespaces.spreadsheet}" xmlns:r="${namespaces.relationships}"><workbookPr/>`,
    '<bookViews><workbookView xWindow="0" yWindow="0" windowWidth="28800" windowHeight="17000" tabRatio="800"/></bookViews>',
    `<sheets>${sheets.join("")}</sheets>`,
    `<definedNames>${titles.join("")}${ranges.join("")}</definedNames>`,
    // The results of formulas are in the file; they are worked out again when it is opened, so that no one need trust them.
    '<calcPr calcId="191029" fullCalcOnLoad="1"/></workbook>',
  ].join("");
}

const packageRelations: readonly Relation[] = [
  { id: "rId1", type: "officeDocument", target: "xl/workbook.xml" },
  { id: "rId2", type: "core-properties", target: "docProps/core.xml" },
  { id: "rId3", type: "extended-properties", target: "docProps/app.xml" },
];

function workbookRelations(worksheets: readonly Worksheet[]): Relation[] {
  return [
    ...worksheets.map((_, index) => ({
      id: `rId${index + 1}`,
      type: "worksheet",
      target: `worksheets/sheet${index + 1}.xml`,
    })),
    { id: `rId${worksheets.length + 1}`, type: "styles", target: "styles.xml" },
  ];
}

function relations(list: readonly Relation[]): string {
  const entries = list.map(
    ({ id, type, target }) =>
      `<Relationship${attributes({ Id: id, Type: relationType(type), Target: target })}/>`,
  );
  return (
    `${declaration}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
    `${entries.join("")}</Relationships>`
  );
}

function relationType(type: string): string {
  return type === "core-properties"
    ? "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    : `${namespaces.relationships}/${type}`;
}

function contentTypes(parts: readonly TypedPart[]): string {
  const overrides = parts.flatMap(({ path, type }) =>
    type === null ? [] : [`<Override${attributes({ PartName: `/${path}`, ContentType: type })}/>`],
  );
  return [
    declaration,
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">',
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>',
    '<Default Extension="xml" ContentType="application/xml"/>',
    '<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>',
    ...overrides,
    "</Types>",
  ].join("");
}
