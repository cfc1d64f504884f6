import type { CellValue, Comment, Row as ExcelRow, Style as ExcelStyle, Workbook } from "exceljs";
import { toExcelRules, type ConditionalFormat } from "./conditional-format.ts";
import type { Drawing } from "./drawing.ts";
import { toPrintSetup, type Page } from "./page-setup.ts";
import { blockReference, columnCells } from "./reference.ts";
import { toExcelStyle, type Style } from "./style.ts";

/** A sheet that begins with one table. Its rows are read once. */
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
  /**
   * Given where `rows` are too many for exceljs and are streamed: every style that they have. Their cells hold values
   * only, neither formulas nor links.
   */
  streamedStyles: readonly Style[] | null;
  drawings: readonly Drawing[];
  page: Page;
}

interface SheetColumn {
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
  /** Where in the workbook a click on a text goes: `'Runs'!A2` or a defined name. */
  link?: string;
}

/** Adds a sheet, all but its drawings and rows that are streamed: in their place stands one that has each style once. */
export function addWorksheet(workbook: Workbook, { name, table, page, header, ...sheet }: Worksheet): void {
  const { columns, rowCount, streamedStyles } = sheet;
  const rows = streamedStyles === null ? sheet.rows : [rowOfStyles(streamedStyles)];
  const worksheet = workbook.addWorksheet(name, {
    ...toPrintSetup(page),
    views: [{ state: "frozen", ySplit: 1, activeCell: "A2", showGridLines: false }],
  });
  worksheet.columns = columns.map(({ width }) => ({ width }));

  const fill = rowFiller();
  const head = columns.map((column) => ({ value: column.header, style: column.headerStyle }));
  fill(worksheet.getRow(1), { height: header.height, cells: head });
  let number = 1;
  for (const row of rows) fill(worksheet.getRow(++number), row);

  for (const [index, { note, format }] of columns.entries()) {
    if (note !== null) worksheet.getCell(1, index + 1).note = toExcelNote(note);
    if (format !== null) {
      const cells = columnCells(name, index + 1, 2, rowCount + 1);
      worksheet.addConditionalFormatting({ ref: blockReference(cells), rules: toExcelRules(format) });
    }
  }
  worksheet.addTable({
    name: table,
    ref: "A1",
    columns: columns.map((column) => ({ name: column.header, filterButton: true })),
    // The cells are there already, with their styles.
    rows: Array.from({ length: number - 1 }, () => []),
    style: { theme: "TableStyleLight1" },
  });
}

function rowOfStyles(styles: readonly Style[]): Row {
  return { height: 15, cells: styles.map((style) => ({ value: null, style })) };
}

/** Cells share their styles, and exceljs knows again only the same object. */
function rowFiller(): (row: ExcelRow, content: Row) => void {
  const styles = new Map<Style, Partial<ExcelStyle>>();
  return (row, { height, cells }) => {
    row.height = height;
    for (const [index, content] of cells.entries()) {
      const style = styles.get(content.style) ?? toExcelStyle(content.style);
      styles.set(content.style, style);
      const cell = row.getCell(index + 1);
      cell.value = toExcelValue(content);
      cell.style = style;
    }
  };
}

function toExcelValue({ value, formula, link }: SheetCell): CellValue {
  if (formula !== undefined) return value === null ? { formula } : { formula, result: value };
  if (link !== undefined && typeof value === "string") return { text: value, hyperlink: link };
  return value;
}

function toExcelNote(text: string): Comment {
  return { texts: [{ font: { size: 9, name: "Calibri" }, text }] };
}
