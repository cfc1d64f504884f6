import type { Context } from "./context.ts";
import { toText, type Line } from "./styled-text.ts";
import { visibleJson, visibleText } from "./visible-text.ts";
import { wrapped } from "./wrap.ts";

/** Where a result goes, and how it is to look there. */
export type Printer = Pick<Context, "stdout" | "isJson" | "environment">;

/** What a command has to say: as a document for programs, and as lines for people. Only one of them is made. */
export interface Result<Document> {
  document: () => Document;
  lines: () => readonly Line[];
}

/** Streams that have their one JSON document. */
const served = new WeakSet<NodeJS.WritableStream>();

/** Prints a command's result. All results leave through here, and whatever they hold from outside is made visible. */
export function printResult<Document>(
  { stdout, isJson, environment }: Printer,
  { document, lines }: Result<Document>,
): void {
  if (isJson) {
    served.add(stdout);
    stdout.write(`${visibleJson(document(), 2)}\n`);
    return;
  }
  const shown = stdout.isTTY ? lines().flatMap((line) => wrapLine(line, stdout.columns)) : lines();
  stdout.write(toText(shown, isColorful(stdout, environment)));
}

/** Whether a JSON document has been printed: there is to be one, also when something fails after it. */
export function hasDocument(stdout: NodeJS.WritableStream): boolean {
  return served.has(stdout);
}

/** How many columns a table may take: the terminal's or, in a pipe or a file, 80. */
export function widthOf({ stdout }: Pick<Context, "stdout">): number {
  return stdout.columns || 80;
}

/** Colours are for terminals, and for those who force them. */
export function isColorful(
  stream: { isTTY?: boolean },
  { color }: Pick<Context["environment"], "color">,
): boolean {
  return color === "auto" ? stream.isTTY === true : color === "always";
}

/** On a terminal a long sentence goes on below its beginning. In files and pipes a line stays one line. */
function wrapLine(line: Line, columns: number): Line[] {
  if (typeof line !== "string" || columns < 40) {
    return [line];
  }
  const text = visibleText(line);
  const indent = /^ *(?:\d+\. )?/u.exec(text)?.[0].length ?? 0;
  const [first = "", ...more] = wrapped(text.slice(indent), columns - indent);
  return [text.slice(0, indent) + first, ...more.map((rest) => " ".repeat(indent) + rest)];
}
