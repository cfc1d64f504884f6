import { leastColumnWidth } from "../xlsx/exceljs-workarounds.ts";
import type { Page } from "../xlsx/page-setup.ts";
import type { Style } from "../xlsx/style.ts";
import type { Row, SheetCell, Worksheet } from "../xlsx/worksheet.ts";
import { looks, type Cell, type Look } from "./cell.ts";
import { tableName } from "./sheet.ts";
import type { Heading, Sheet } from "./sheet.ts";

/** Gives a sheet its looks: widths that fit, heights for what wraps, colours, and how it prints. */
export function layoutSheet(sheet: Sheet, page: Page): Worksheet {
  const { widest, isNumber } = survey(sheet);
  const widths = sheet.columns.map((column, index) => fittingWidth(column, widest[index] ?? 0));
  return {
    name: sheet.name,
    table: tableName(sheet.name),
    columns: sheet.columns.map(({ header, note = null, format = null }, index) => ({
      header,
      note,
      width: widths[index] ?? leastColumnWidth,
      headerStyle: isNumber[index] === true ? headers.right : headers.left,
      format,
    })),
    header: { height: 2 * lineHeight + rowPadding },
    rows: layoutRows(sheet.rows, widths),
    rowCount: sheet.rowCount,
    streamedStyles: sheet.isLong === true ? everyStyle() : null,
    drawings: sheet.drawings?.(widths) ?? [],
    page,
  };
}

/** Heights of rows in points. Excel shows at most 409. */
const lineHeight = 15;
const rowPadding = 4;
const mostHeight = 409;

/** In characters: padding on both sides; the header also shows a filter button. */
const cellPadding = 3;
const headerPadding = 5;

const headerLook = {
  ink: "#FFFFFF",
  paper: "#1F2A44",
  isBold: true,
  vertical: "middle",
  wraps: true,
} as const;
const headers = {
  left: { ...headerLook, horizontal: "left" },
  right: { ...headerLook, horizontal: "right" },
} as const satisfies Record<string, Style>;
const linkInk = "#1F4E9E";

const singleLine = stylesUpon({ isRuled: true, vertical: "middle" });
const severalLines = stylesUpon({ isRuled: true, vertical: "top", wraps: true });

/** Of each column the width of its widest cell, in characters, and whether any of its cells is a number. */
function survey({ columns, rows }: Sheet): { widest: number[]; isNumber: boolean[] } {
  const widest = columns.map(() => 0);
  const isNumber = columns.map(() => false);
  for (const row of rows) {
    for (const [index, { width, look }] of row.entries()) {
      if (width > (widest[index] ?? 0)) widest[index] = width;
      if (look.isNumber) isNumber[index] = true;
    }
  }
  return { widest, isNumber };
}

/** In characters. */
function fittingWidth({ header, wrapAt = 48 }: Heading, widest: number): number {
  const words = header.split(" ").map((word) => word.length + headerPadding);
  return Math.min(wrapAt, Math.max(leastColumnWidth, widest + cellPadding, ...words));
}

function layoutRows(rows: Iterable<readonly Cell[]>, widths: readonly number[]): Iterable<Row> {
  return {
    *[Symbol.iterator]() {
      for (const row of rows) yield layoutRow(row, widths);
    },
  };
}

/** Of all rows that have no links. */
function everyStyle(): Style[] {
  return Object.values(looks).flatMap((look) => [singleLine(look), severalLines(look)]);
}

function layoutRow(row: readonly Cell[], widths: readonly number[]): Row {
  let lines = 1;
  for (let index = 0; index < row.length; index += 1) {
    const value = row[index]?.value;
    if (typeof value === "string") {
      lines = Math.max(lines, countLines(value, widths[index] ?? leastColumnWidth));
    }
  }
  const styleFor = lines === 1 ? singleLine : severalLines;
  return {
    height: Math.min(mostHeight, lines * lineHeight + rowPadding),
    cells: row.map((cell) => layoutCell(cell, styleFor)),
  };
}

function layoutCell({ value, look, formula, link }: Cell, styleFor: (look: Look) => Style): SheetCell {
  const cell: SheetCell = { value, style: styleFor(look) };
  if (formula !== undefined) cell.formula = formula;
  if (link !== undefined) cell.link = link;
  return cell;
}

/** Lines a text takes when wrapped. Lines break at words: an eighth of the room is lost to that. */
function countLines(value: string, width: number): number {
  const room = width - cellPadding;
  if (value.length <= room && !value.includes("\n")) return 1;
  const linesIn = (line: string) => (line.length <= room ? 1 : Math.ceil(line.length / ((room * 7) / 8)));
  return value.split("\n").reduce((lines, line) => lines + linesIn(line), 0);
}

/** The styles of cells in one setting, made once for each look. */
function stylesUpon(setting: Style): (look: Look) => Style {
  const styles = new Map<Look, Style>();
  return (look) => {
    let style = styles.get(look);
    if (style === undefined) {
      style = { ...setting, ...toStyle(look) };
      styles.set(look, style);
    }
    return style;
  };
}

function toStyle({ format, isNumber, isLink }: Look): Style {
  return {
    horizontal: isNumber ? "right" : "left",
    ...(format === undefined ? {} : { format }),
    ...(isLink === undefined ? {} : { ink: linkInk }),
  };
}
