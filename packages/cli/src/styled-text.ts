import { styleText } from "node:util";
import { visibleText } from "./visible-text.ts";

export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

/** A piece of a line. The text may come from outside: it is made visible when it is printed. */
export type Span = string | { text: string; style: Style };

/** A line of output. Line breaks in it do not break it: they are spelled out. */
export type Line = string | readonly Span[];

/** The lines as they are written to a terminal or, without colours, anywhere else. */
export function toText(lines: readonly Line[], isColorful: boolean): string {
  return lines.map((line) => `${lineText(line, isColorful)}\n`).join("");
}

function lineText(line: Line, isColorful: boolean): string {
  const spans = typeof line === "string" ? [line] : line;
  return spans
    .map((span) => {
      const text = visibleText(textOf(span));
      return isColorful && typeof span !== "string" && text !== "" ? painted(span.style, text) : text;
    })
    .join("");
}

export function textOf(span: Span): string {
  return typeof span === "string" ? span : span.text;
}

/** In colour whatever stdout is: whoever calls it has decided. */
export function painted(style: Style, text: string): string {
  return styleText(style, text, { validateStream: false });
}
