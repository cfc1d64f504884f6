/** The head of every part. */
export const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** The namespaces that parts of a workbook have in common. */
export const namespaces = {
  relationships: "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
  drawing: "http://schemas.openxmlformats.org/drawingml/2006/main",
  sheetDrawing: "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
  chart: "http://schemas.openxmlformats.org/drawingml/2006/chart",
} as const;

/** Text without what XML 1.0 forbids altogether, escaped or not. */
export function permitted(text: string): string {
  return text.replaceAll(forbidden, "");
}

// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const forbidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\uFFFE\uFFFF]|\p{Surrogate}/gu;

/** Any text as content or attribute. */
export function anyText(text: string): string {
  return escaped(permitted(text));
}

/** The same for text that holds only what is `permitted`. */
export function escaped(text: string): string {
  return special.test(text) ? text.replaceAll(specials, (character) => entities[character] ?? "") : text;
}

/** ` ref="A1" t="s"`: the attributes that have a value, escaped. */
export function attributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${anyText(String(value))}"`)
    .join("");
}

const special = /[&<>"\n]/;
const specials = /[&<>"\n]/g;
/** A line break as it is would become a space in an attribute. */
const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "&#10;",
};
