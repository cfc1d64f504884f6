import stringWidth from "string-width";
import { textOf, type Line, type Span } from "./styled-text.ts";
import { visibleText } from "./visible-text.ts";
import { wrapped } from "./wrap.ts";

export interface Column {
  title: string;
  /** Numbers stand on the right. Default: left. */
  align?: "left" | "right";
}

const GAP = 2;
/** A column of text is not made narrower than this; then the table folds. */
const NARROWEST = 14;
/** Names that are longer do not push what stands behind them further to the right in a folded table. */
const WIDEST_NAME = 24;

/**
 * A table of at most `width` columns of a terminal: with texts that wrap, and where even that is too wide, folded:
 * the first cell of a row, and beside it the others, each with its title.
 */
export function drawTable(
  columns: readonly Column[],
  rows: readonly (readonly Span[])[],
  width: number,
): Line[] {
  const cells = rows.map((row) => row.map(visibleSpan));
  const widths = columns.map(({ title }, column) =>
    Math.max(stringWidth(title), ...cells.map((row) => stringWidth(textOf(row[column] ?? "")))),
  );
  const fitted = fit(columns, widths, width);
  if (fitted === null) {
    return folded(columns, cells, width);
  }
  const hasTitles = columns.some(({ title }) => title !== "");
  const head = columns.map(({ title }): Span => ({ text: title, style: "bold" }));
  return [...(hasTitles ? [head] : []), ...cells].flatMap((row) => rowLines(columns, row, fitted));
}

function visibleSpan(span: Span): Span {
  return typeof span === "string" ? visibleText(span) : { ...span, text: visibleText(span.text) };
}

/** The columns' widths, the widest texts narrowed until all fit; null when they do not. */
function fit(columns: readonly Column[], natural: readonly number[], width: number): number[] | null {
  const widths = [...natural];
  const total = (): number => widths.reduce((sum, each) => sum + each, 0) + GAP * (widths.length - 1);
  while (total() > width) {
    const widest = columns
      .map(({ title, align }, column) => ({
        column,
        spare: align === "right" ? 0 : (widths[column] ?? 0) - Math.max(NARROWEST, stringWidth(title)),
      }))
      .filter(({ spare }) => spare > 0)
      .toSorted((a, b) => (widths[b.column] ?? 0) - (widths[a.column] ?? 0))
      .at(0);
    if (widest === undefined) return null;
    widths[widest.column] = (widths[widest.column] ?? 0) - Math.min(widest.spare, total() - width);
  }
  return widths;
}

/** A row: as many lines as its longest cell takes. */
function rowLines(columns: readonly Column[], row: readonly Span[], widths: readonly number[]): Line[] {
  const wraps = row.map((span, column) => wrapped(textOf(span), widths[column] ?? 0));
  const height = Math.max(...wraps.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) => {
    const spans = row.flatMap((span, column): Span[] => {
      const text = wraps[column]?.[line] ?? "";
      const space = " ".repeat(Math.max(0, (widths[column] ?? 0) - stringWidth(text)));
      const isRight = columns[column]?.align === "right";
      const isLast = column === row.length - 1;
      return [
        ...(isRight ? [space] : []),
        restyled(span, text),
        isLast ? "" : `${isRight ? "" : space}${" ".repeat(GAP)}`,
      ];
    });
    return trimmed(spans);
  });
}

/** Without the blanks at its end, which would only wrap. */
function trimmed(spans: readonly Span[]): Span[] {
  const last = spans.findLastIndex((span) => textOf(span).trim() !== "");
  return spans
    .slice(0, last + 1)
    .map((span, index) => (index === last && typeof span === "string" ? span.trimEnd() : span));
}

function folded(columns: readonly Column[], rows: readonly (readonly Span[])[], width: number): Line[] {
  const names = rows.map(([name = ""]) => stringWidth(textOf(name)));
  const indent = Math.min(Math.max(...names), WIDEST_NAME) + GAP;
  return rows.flatMap(([name = "", ...others]) => {
    const pairs = others.flatMap((span, index): Pair[] =>
      textOf(span) === "" ? [] : [{ title: columns[index + 1]?.title ?? "", span }],
    );
    const [first = [], ...more] = pairLines(pairs, Math.max(1, width - indent));
    const nameLines = wrapped(textOf(name), Math.max(1, width - GAP));
    const last = nameLines.pop() ?? "";
    const space = indent - stringWidth(last);
    const style = typeof name === "string" ? "bold" : name.style;
    const nameSpan = (text: string): Span => ({ text, style });
    return [
      ...nameLines.map((text): Line => [nameSpan(text)]),
      ...(space >= GAP
        ? [[nameSpan(last), " ".repeat(space), ...first]]
        : [[nameSpan(last)], [" ".repeat(indent), ...first]]),
      ...more.map((line) => [" ".repeat(indent), ...line]),
    ];
  });
}

interface Pair {
  title: string;
  span: Span;
}

const BETWEEN = " · ";

/** As many pairs to a line as fit; one that is longer than a line wraps. */
function pairLines(pairs: readonly Pair[], width: number): Span[][] {
  const lines: Span[][] = [];
  let used = width;
  for (const { title, span } of pairs) {
    const pair: Span[] = title === "" ? [span] : [`${title} `, span];
    const wide = widthOf(pair);
    const last = lines.at(-1);
    if (last !== undefined && used + BETWEEN.length + wide <= width) {
      last.push(BETWEEN, ...pair);
      used += BETWEEN.length + wide;
    } else if (wide <= width) {
      lines.push(pair);
      used = wide;
    } else {
      lines.push(...wrapped(pair.map(textOf).join(""), width).map((text) => [restyled(span, text)]));
      used = width;
    }
  }
  return lines;
}

function widthOf(spans: readonly Span[]): number {
  return spans.reduce((sum, span) => sum + stringWidth(textOf(span)), 0);
}

function restyled(span: Span, text: string): Span {
  return typeof span === "string" ? text : { ...span, text };
}
