import { blockReference, type Block } from "./reference.ts";
import type { Highlight, Styles } from "./styles.ts";
import { escaped, namespaces } from "./xml.ts";

/** How the cells of a column show their value beyond the number or word itself; all of it survives greyscale. */
export type ConditionalFormat =
  /** A bar from 0 to 1; what is below 0 has none. */
  | { kind: "bar"; colour: string }
  /** A tick up to `warnAbove`, an exclamation mark above it, a cross above `failAbove`. */
  | { kind: "symbols"; warnAbove: number; failAbove: number }
  /** A look of its own for each of these words. */
  | { kind: "words"; looks: Readonly<Record<string, Highlight>> };

/** A conditional format on the cells of one column of a sheet. */
export interface FormattedColumn {
  format: ConditionalFormat;
  cells: Block;
}

/** The `conditionalFormatting` elements of a sheet. */
export function conditionalFormats(columns: readonly FormattedColumn[], styles: Styles): string {
  let priority = 0;
  return columns
    .map(({ format, cells }, index) => {
      const rules = rulesOf(format, index, styles).map((rule) => rule(++priority));
      return `<conditionalFormatting sqref="${blockReference(cells)}">${rules.join("")}</conditionalFormatting>`;
    })
    .join("");
}

/**
 * The `extLst` of a sheet. Excel 2007 drew no bar shorter than a tenth and faded it out; what later versions do better
 * stands in this extension.
 */
export function conditionalFormatExtension(columns: readonly FormattedColumn[]): string {
  const bars = columns.flatMap(({ format, cells }, index) =>
    format.kind === "bar" ? [barExtension(format.colour, cells, index)] : [],
  );
  if (bars.length === 0) return "";
  return (
    `<extLst><ext xmlns:x14="${namespaces.excel2009}" uri="{78C0D931-6437-407d-A8EE-F0AAD7539E65}">` +
    `<x14:conditionalFormattings>${bars.join("")}</x14:conditionalFormattings></ext></extLst>`
  );
}

type Rule = (priority: number) => string;

function rulesOf(format: ConditionalFormat, index: number, styles: Styles): Rule[] {
  switch (format.kind) {
    case "bar":
      return [(priority) => bar(format.colour, index, priority)];
    case "symbols":
      return [(priority) => symbols(format.warnAbove, format.failAbove, priority)];
    case "words":
      return Object.entries(format.looks).map(
        ([word, look]) =>
          (priority) =>
            `<cfRule type="cellIs" dxfId="${styles.highlightIdOf(look)}" priority="${priority}" operator="equal">` +
            `<formula>${escaped(`"${word}"`)}</formula></cfRule>`,
      );
  }
}

function bar(colour: string, index: number, priority: number): string {
  return (
    `<cfRule type="dataBar" priority="${priority}"><dataBar><cfvo type="num" val="0"/><cfvo type="num" val="1"/>` +
    `<color rgb="FF${colour.slice(1)}"/></dataBar><extLst><ext xmlns:x14="${namespaces.excel2009}" ` +
    `uri="{B025F937-C7B1-47D3-B67F-A62EFF666E3E}"><x14:id>${barId(index)}</x14:id></ext></extLst></cfRule>`
  );
}

function barExtension(colour: string, cells: Block, index: number): string {
  return (
    `<x14:conditionalFormatting xmlns:xm="${namespaces.excel2006}"><x14:cfRule type="dataBar" id="${barId(index)}">` +
    '<x14:dataBar minLength="0" maxLength="100" gradient="0">' +
    '<x14:cfvo type="num"><xm:f>0</xm:f></x14:cfvo><x14:cfvo type="num"><xm:f>1</xm:f></x14:cfvo>' +
    `<x14:negativeFillColor rgb="FF${colour.slice(1)}"/></x14:dataBar></x14:cfRule>` +
    `<xm:sqref>${blockReference(cells)}</xm:sqref></x14:conditionalFormatting>`
  );
}

/** Joins a bar and its extension; it needs to be unique in its sheet only. */
function barId(index: number): string {
  return `{00000000-0000-4000-8000-${String(index).padStart(12, "0")}}`;
}

function symbols(warnAbove: number, failAbove: number, priority: number): string {
  return (
    `<cfRule type="iconSet" priority="${priority}"><iconSet iconSet="3Symbols" reverse="1">` +
    `<cfvo type="percent" val="0"/><cfvo type="num" val="${warnAbove}" gte="0"/>` +
    `<cfvo type="num" val="${failAbove}" gte="0"/></iconSet></cfRule>`
  );
}
