import {
  conditionalFormatExtension,
  conditionalFormats,
  type ConditionalFormat,
  type FormattedColumn,
} from "./conditional-format.ts";
import type { Drawing } from "./drawing.ts";
import { pageXml, type Page } from "./page.ts";
import { blockReference, columnCells, columnName } from "./reference.ts";
import type { Style, Styles } from "./styles.ts";
import { attributes, declaration, escaped, namespaces } from "./xml.ts";

/** A sheet that begins with one table. Its rows are read once, as they are written. */
export interface Worksheet {
  /** Unique, at most 31 characters, none of `[]:*?/\'`. */
  name: string;
  /** Unique in the workbook, a word: formulas call the table so. */
  table: string;
  columns: readonly SheetColumn[];
  header: { height: number };
  rows: Iterable<Row>;
  /** How many `rows` there are, at least one: a table cannot be empty. */
  rowCount: number;
  drawings: readonly Drawing[];
  page: Page;
}

export interface SheetColumn {
  header: string;
  /** Shown when pointing at the header. */
  note: string | null;
  /** In characters. */
  width: number;
  headerStyle: Style;
  format: ConditionalFormat | null;
}

export interface Row {
  /** In points. */
  height: number;
  /** From column A on. */
  cells: readonly SheetCell[];
}

export interface SheetCell {
  value: string | number | null;
  style: Style;
  /** Without the equals sign; `value` is then its result. */
  formula?: string;
  /** Where in the workbook a click goes: `'Runs'!A2` or a defined name. */
  link?: string;
}

/** The ids by which a sheet knows the parts that belong to it. */
export const partIds = { table: "rId1", comments: "rId2", notes: "rId3", drawing: "rId4" } as const;

/** The part of a sheet, piece by piece: however many rows there are, only a few are held at a time. */
export function* worksheetXml(sheet: Worksheet, styles: Styles, isFirst: boolean): Generator<string> {
  const { columns, drawings } = sheet;
  yield sheetStart(sheet, isFirst);
  const links: string[] = [];
  const toXml = rowWriter(styles, links);

  const head = columns.map(({ header, headerStyle }) => ({ value: header, style: headerStyle }));
  yield toXml({ height: sheet.header.height, cells: head }, 1);
  yield* inPieces(sheet.rows, (row, index) => toXml(row, index + 2));

  const formatted = formattedColumns(sheet);
  const hasNotes = columns.some(({ note }) => note !== null);
  yield [
    "</sheetData>",
    conditionalFormats(formatted, styles),
    links.length === 0 ? "" : `<hyperlinks>${links.join("")}</hyperlinks>`,
    pageXml(sheet.page),
    drawings.length === 0 ? "" : `<drawing r:id="${partIds.drawing}"/>`,
    hasNotes ? `<legacyDrawing r:id="${partIds.notes}"/>` : "",
    `<tableParts count="1"><tablePart r:id="${partIds.table}"/></tableParts>`,
    conditionalFormatExtension(formatted),
    "</worksheet>",
  ].join("");
}

function sheetStart({ columns, rowCount }: Worksheet, isFirst: boolean): string {
  const dimension = blockReference({
    firstColumn: 1,
    firstRow: 1,
    lastColumn: columns.length,
    lastRow: rowCount + 1,
  });
  const cols = columns.map(
    ({ width }, index) => `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`,
  );
  return [
    declaration,
    `<worksheet xmlns="${namespaces.spreadsheet}" xmlns:r="${namespaces.relationships}">`,
    '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>',
    `<dimension ref="${dimension}"/>`,
    `<sheetViews><sheetView showGridLines="0"${isFirst ? ' tabSelected="1"' : ""} workbookViewId="0">`,
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>',
    '<selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView></sheetViews>',
    '<sheetFormatPr defaultRowHeight="15"/>',
    `<cols>${cols.join("")}</cols>`,
    "<sheetData>",
  ].join("");
}

/** Rows gathered into pieces that are worth compressing. */
function* inPieces(rows: Iterable<Row>, toXml: (row: Row, index: number) => string): Generator<string> {
  let piece = "";
  let index = 0;
  for (const row of rows) {
    piece += toXml(row, index++);
    if (piece.length > pieceLength) {
      yield piece;
      piece = "";
    }
  }
  yield piece;
}

const pieceLength = 65_536;

/** Links stand after all rows: they are collected on the way. */
function rowWriter(styles: Styles, links: string[]): (row: Row, number: number) => string {
  const names: string[] = [];
  return ({ height, cells }, number) => {
    let xml = `<row r="${number}" ht="${height}" customHeight="1">`;
    for (const [index, cell] of cells.entries()) {
      const name = `${(names[index] ??= columnName(index + 1))}${number}`;
      xml += cellXml(name, cell, styles);
      if (cell.link !== undefined) {
        links.push(`<hyperlink${attributes({ ref: name, location: cell.link })}/>`);
      }
    }
    return `${xml}</row>`;
  };
}

function formattedColumns({ name, columns, rowCount }: Worksheet): FormattedColumn[] {
  return columns.flatMap(({ format }, index) =>
    format === null ? [] : [{ format, cells: columnCells(name, index + 1, 2, rowCount + 1) }],
  );
}

function cellXml(name: string, { value, style, formula }: SheetCell, styles: Styles): string {
  const start = `<c r="${name}" s="${styles.idOf(style)}"`;
  const calculated = formula === undefined ? "" : `<f>${escaped(formula)}</f>`;
  if (value === null) return calculated === "" ? `${start}/>` : `${start}>${calculated}</c>`;
  if (typeof value === "number") return `${start}>${calculated}<v>${value}</v></c>`;
  if (calculated !== "") return `${start} t="str">${calculated}<v>${escaped(value)}</v></c>`;
  return `${start} t="inlineStr"><is><t${edgeSpace.test(value) ? ' xml:space="preserve"' : ""}>${escaped(value)}</t></is></c>`;
}

const edgeSpace = /^\s|\s$/;
