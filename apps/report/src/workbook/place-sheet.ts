import type ExcelJS from "exceljs";
import type { WeeklyReport } from "../report-model.ts";
import { blank } from "./cell.ts";
import type { Cell } from "./cell.ts";
import { printedPage } from "./printed-page.ts";
import type { Heading, Sheet } from "./sheet.ts";

/** Puts a sheet into the workbook: its table, looks, and how it prints. */
export function placeSheet(workbook: ExcelJS.Workbook, sheet: Sheet, report: WeeklyReport): void {
  const worksheet = workbook.addWorksheet(sheet.name, {
    views: [{ state: "frozen", ySplit: 1, topLeftCell: "A2", activeCell: "A2", showGridLines: false }],
    ...printedPage(sheet.name, report),
  });
  worksheet.addTable({
    name: sheet.name,
    ref: "A1",
    style: { theme: "TableStyleLight1", showRowStripes: false },
    columns: sheet.columns.map(({ header }) => ({ name: header, filterButton: true })),
    rows: sheet.rows.map((row) => row.map(({ value }) => value)),
  });
  const widths = sheet.columns.map((column, index) =>
    fittingWidth(
      column,
      sheet.rows.map((row) => row[index] ?? blank),
    ),
  );
  for (const [index, width] of widths.entries()) worksheet.getColumn(index + 1).width = width;
  dressHeader(worksheet, sheet);
  for (const [index, row] of sheet.rows.entries()) dressRow(worksheet.getRow(index + 2), row, widths);
}

const headerColours = { ink: "#FFFFFF", paper: "#1F2A44" };
const hairline = { bottom: { style: "thin", color: { argb: "FFDCE1E8" } } } as const;
/** In characters. */
const leastWidth = 9;
/** Padding on both sides; the header also shows a filter button. */
const cellPadding = 3;
const headerPadding = 5;
/** Row heights in points. Excel shows at most 409. */
const lineHeight = 15;
const rowPadding = 4;
const mostHeight = 409;

function fittingWidth({ header, wrapAt = 48 }: Heading, cells: readonly Cell[]): number {
  const needed = [
    leastWidth,
    ...header.split(" ").map((word) => word.length + headerPadding),
    ...cells.map(({ width }) => width + cellPadding),
  ];
  return Math.min(
    wrapAt,
    needed.reduce((widest, width) => Math.max(widest, width)),
  );
}

function dressHeader(worksheet: ExcelJS.Worksheet, { columns, rows }: Sheet): void {
  worksheet.getRow(1).height = 2 * lineHeight + rowPadding;
  for (const [index, { note }] of columns.entries()) {
    const cell = worksheet.getCell(1, index + 1);
    const isNumeric = rows.some((row) => typeof row[index]?.value === "number");
    cell.alignment = {
      vertical: "middle",
      wrapText: true,
      horizontal: isNumeric ? "right" : "left",
      indent: 1,
    };
    colour(cell, headerColours);
    if (note !== undefined) cell.note = note;
  }
}

function dressRow(row: ExcelJS.Row, cells: readonly Cell[], widths: readonly number[]): void {
  const lines = Math.max(...cells.map((cell, index) => linesOf(cell, widths[index] ?? leastWidth)));
  row.height = Math.min(mostHeight, lines * lineHeight + rowPadding);
  for (const [index, { value, format, colours }] of cells.entries()) {
    const cell = row.getCell(index + 1);
    cell.alignment = {
      vertical: lines > 1 ? "top" : "middle",
      wrapText: lines > 1,
      horizontal: typeof value === "number" ? "right" : "left",
      indent: 1,
    };
    cell.border = hairline;
    if (format !== undefined) cell.numFmt = format;
    if (colours !== undefined) colour(cell, colours);
  }
}

/** Lines a cell takes when wrapped. Lines break at words: an eighth of the room is lost to that. */
function linesOf({ value }: Cell, width: number): number {
  if (typeof value !== "string") return 1;
  const room = width - cellPadding;
  const linesIn = (line: string) => (line.length <= room ? 1 : Math.ceil(line.length / ((room * 7) / 8)));
  return value.split("\n").reduce((lines, line) => lines + linesIn(line), 0);
}

function colour(cell: ExcelJS.Cell, { ink, paper }: NonNullable<Cell["colours"]>): void {
  cell.font = { name: "Calibri", size: 11, bold: true, color: { argb: argb(ink) } };
  cell.fill = { type: "pattern", pattern: "solid", fgColor: { argb: argb(paper) } };
}

function argb(hex: string): string {
  return `FF${hex.slice(1)}`;
}
