import { attributes, declaration, namespaces } from "./xml.ts";

/** How a cell looks. Colours are `#rrggbb`. */
export interface Style {
  /** Excel number format; default "General". */
  format?: string;
  ink?: string;
  paper?: string;
  isBold?: boolean;
  /** A hairline below. */
  isRuled?: boolean;
  horizontal?: "left" | "right";
  vertical?: "top" | "middle";
  wraps?: boolean;
}

/** What a condition changes of a cell's look. */
export type Highlight = Pick<Style, "format" | "ink" | "paper" | "isBold">;

/** The looks of a workbook, numbered as they come up; the same look has the same number. */
export class Styles {
  readonly #formats = new Numbered();
  readonly #fonts = new Numbered(font({}));
  readonly #fills = new Numbered(
    '<fill><patternFill patternType="none"/></fill>',
    '<fill><patternFill patternType="gray125"/></fill>',
  );
  readonly #borders = new Numbered(border(false));
  readonly #cells = new Numbered('<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>');
  readonly #highlights = new Numbered();
  /** Cells share their styles: most are known by identity. */
  readonly #known = new Map<Style, number>();

  /** The number of a cell's style. */
  idOf(style: Style): number {
    const known = this.#known.get(style);
    if (known !== undefined) return known;
    const id = this.#cells.idOf(this.#cell(style));
    this.#known.set(style, id);
    return id;
  }

  /** The number of a conditional format's style. */
  highlightIdOf({ format, paper, ...text }: Highlight): number {
    const numFmt = format === undefined ? "" : numberFormat(this.#formatId(format), format);
    const fill =
      paper === undefined ? "" : `<fill><patternFill><bgColor rgb="${argb(paper)}"/></patternFill></fill>`;
    return this.#highlights.idOf(`<dxf>${highlightFont(text)}${numFmt}${fill}</dxf>`);
  }

  /** The part `styles.xml`. */
  xml(): string {
    const formats = this.#formats.entries.map((format, index) =>
      numberFormat(firstCustomFormat + index, format),
    );
    return [
      declaration,
      `<styleSheet xmlns="${namespaces.spreadsheet}">`,
      list("numFmts", formats),
      list("fonts", this.#fonts.entries),
      list("fills", this.#fills.entries),
      list("borders", this.#borders.entries),
      list("cellStyleXfs", ['<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>']),
      list("cellXfs", this.#cells.entries),
      list("cellStyles", ['<cellStyle name="Normal" xfId="0" builtinId="0"/>']),
      list("dxfs", this.#highlights.entries),
      "</styleSheet>",
    ].join("");
  }

  #cell({ format, ink, paper, isBold, isRuled = false, horizontal, vertical, wraps }: Style): string {
    const ids = {
      numFmtId: format === undefined ? 0 : this.#formatId(format),
      fontId: this.#fonts.idOf(font({ ink, isBold })),
      fillId: paper === undefined ? 0 : this.#fills.idOf(solid(paper)),
      borderId: this.#borders.idOf(border(isRuled)),
    };
    const applied = attributes({
      applyNumberFormat: ids.numFmtId > 0 ? 1 : undefined,
      applyFont: ids.fontId > 0 ? 1 : undefined,
      applyFill: ids.fillId > 0 ? 1 : undefined,
      applyBorder: ids.borderId > 0 ? 1 : undefined,
      applyAlignment: 1,
    });
    const alignment = attributes({
      horizontal,
      vertical: vertical === "middle" ? "center" : vertical,
      wrapText: wraps === true ? 1 : undefined,
      indent: horizontal === undefined ? undefined : 1,
    });
    return `<xf${attributes(ids)} xfId="0"${applied}><alignment${alignment}/></xf>`;
  }

  #formatId(format: string): number {
    return builtInFormats[format] ?? firstCustomFormat + this.#formats.idOf(format);
  }
}

/** Strings, each with the number of its first appearance. */
class Numbered {
  readonly #ids = new Map<string, number>();

  constructor(...entries: string[]) {
    for (const entry of entries) this.idOf(entry);
  }

  get entries(): string[] {
    return [...this.#ids.keys()];
  }

  idOf(entry: string): number {
    const id = this.#ids.get(entry) ?? this.#ids.size;
    this.#ids.set(entry, id);
    return id;
  }
}

/** Formats that every Excel knows by number. */
const builtInFormats: Readonly<Record<string, number>> = {
  "0.00": 2,
  "#,##0": 3,
  "0.00%": 10,
  "[h]:mm:ss": 46,
};
const firstCustomFormat = 164;

function numberFormat(id: number, format: string): string {
  return `<numFmt${attributes({ numFmtId: id, formatCode: format })}/>`;
}

function font({
  ink = "#000000",
  isBold = false,
}: {
  ink?: string | undefined;
  isBold?: boolean | undefined;
}): string {
  return `<font>${isBold ? "<b/>" : ""}<sz val="11"/><color rgb="${argb(ink)}"/><name val="Calibri"/><family val="2"/></font>`;
}

function highlightFont({ ink, isBold = false }: Pick<Highlight, "ink" | "isBold">): string {
  const colour = ink === undefined ? "" : `<color rgb="${argb(ink)}"/>`;
  return isBold || ink !== undefined ? `<font>${isBold ? "<b/>" : ""}${colour}</font>` : "";
}

function solid(paper: string): string {
  return `<fill><patternFill patternType="solid"><fgColor rgb="${argb(paper)}"/><bgColor indexed="64"/></patternFill></fill>`;
}

function border(isRuled: boolean): string {
  const bottom = isRuled ? '<bottom style="thin"><color rgb="FFDCE1E8"/></bottom>' : "<bottom/>";
  return `<border><left/><right/><top/>${bottom}<diagonal/></border>`;
}

function list(name: string, entries: readonly string[]): string {
  return entries.length === 0 ? "" : `<${name} count="${entries.length}">${entries.join("")}</${name}>`;
}

function argb(hex: string): string {
  return `FF${hex.slice(1)}`;
}
