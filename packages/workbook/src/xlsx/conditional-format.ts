import type { ConditionalFormattingRule } from "exceljs";
import { unnumberedPriority } from "./exceljs-workarounds.ts";
import { toExcelColour, toExcelHighlight, type Highlight } from "./style.ts";

/** How the cells of a column show their value beyond the number or word itself; all of it survives greyscale. */
export type ConditionalFormat =
  /** A bar from 0 to 1; what is below 0 has none. */
  | { kind: "bar"; colour: string }
  /** A tick up to `warnAbove`, an exclamation mark above it, a cross above `failAbove`. */
  | { kind: "symbols"; warnAbove: number; failAbove: number }
  /** A look of its own for each of these words. */
  | { kind: "words"; looks: Readonly<Record<string, Highlight>> };

export function toExcelRules(format: ConditionalFormat): ConditionalFormattingRule[] {
  switch (format.kind) {
    case "bar":
      return [bar(format.colour)];
    case "symbols":
      return [symbols(format.warnAbove, format.failAbove)];
    case "words":
      return Object.entries(format.looks).map(([word, look]) => ({
        type: "cellIs",
        operator: "equal",
        formulae: [`"${word}"`],
        style: toExcelHighlight(look),
        priority: unnumberedPriority,
      }));
  }
}

function bar(colour: string): ConditionalFormattingRule {
  return {
    type: "dataBar",
    // Excel 2007 drew no bar shorter than a tenth and faded it out. These make exceljs write what later ones do better.
    gradient: false,
    minLength: 0,
    maxLength: 100,
    color: toExcelColour(colour),
    negativeFillColor: toExcelColour(colour),
    cfvo: [
      { type: "num", value: 0 },
      { type: "num", value: 1 },
    ],
    priority: unnumberedPriority,
  };
}

function symbols(warnAbove: number, failAbove: number): ConditionalFormattingRule {
  return {
    type: "iconSet",
    iconSet: "3Symbols",
    reverse: true,
    cfvo: [
      { type: "percent", value: 0 },
      { type: "num", value: warnAbove },
      { type: "num", value: failAbove },
    ],
    priority: unnumberedPriority,
  };
}
