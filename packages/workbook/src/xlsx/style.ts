import type { Style as ExcelStyle } from "exceljs";

/** How a cell looks. Colours are `#rrggbb`. */
export interface Style {
  /** Excel number format; default "General". */
  format?: string;
  /** Default black. */
  ink?: string;
  paper?: string;
  isBold?: boolean;
  /** A hairline below. */
  isRuled?: boolean;
  /** Default "left". */
  horizontal?: "left" | "right";
  /** Default "middle". */
  vertical?: "top" | "middle";
  wraps?: boolean;
}

/** What a condition changes of a cell's look. */
export type Highlight = Pick<Style, "format" | "ink" | "paper" | "isBold">;

export function toExcelStyle({
  format = "General",
  ink = "#000000",
  paper,
  isBold = false,
  isRuled = false,
  horizontal = "left",
  vertical = "middle",
  wraps = false,
}: Style): Partial<ExcelStyle> {
  return {
    numFmt: format,
    font: { name: "Calibri", family: 2, size: 11, bold: isBold, color: toExcelColour(ink) },
    border: isRuled ? { bottom: { style: "thin", color: toExcelColour("#DCE1E8") } } : {},
    alignment: { horizontal, vertical, wrapText: wraps, indent: 1 },
    ...(paper === undefined
      ? {}
      : { fill: { type: "pattern", pattern: "solid", fgColor: toExcelColour(paper) } }),
  };
}

/** The paper of a condition is, unlike a cell's, the background of its pattern. */
export function toExcelHighlight({ format, ink, paper, isBold = false }: Highlight): Partial<ExcelStyle> {
  return {
    font: { bold: isBold, ...(ink === undefined ? {} : { color: toExcelColour(ink) }) },
    ...(format === undefined ? {} : { numFmt: format }),
    ...(paper === undefined
      ? {}
      : { fill: { type: "pattern", pattern: "solid", bgColor: toExcelColour(paper) } }),
  };
}

/** A colour as exceljs takes it: opaque. */
export function toExcelColour(hex: string): { argb: string } {
  return { argb: `FF${hex.slice(1)}` };
}
