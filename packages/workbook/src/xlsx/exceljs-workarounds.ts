/**
 * What is wrong with exceljs, or missing from it, and what is done about it: first in the XML that it wrote, which nothing
 * else looks into, then in what it is told. Each workaround begins with the fault that it answers.
 */
import type { PaperSize } from "exceljs";
import { relationsPath, type Parts } from "./parts.ts";
import { attributes, namespaces } from "./xml.ts";

/** Mends all that is wrong, or otherwise each time, in the parts that exceljs wrote. */
export function mendParts(parts: Parts): void {
  change(parts, "xl/styles.xml", orderFonts);
  for (const path of parts.keys()) {
    if (!path.startsWith("xl/worksheets/sheet")) continue;
    linkWithin(parts, path);
    change(parts, path, excludeLimits);
    change(parts, path, numberBars);
    change(parts, path, placeNotes);
  }
}

/** It writes the children of a font in another order than the schema has them. */
function orderFonts(styles: string): string {
  const order = ["b", "sz", "color", "name", "family", "scheme"];
  const rank = (element: string) => order.indexOf(/\w+/.exec(element)?.[0] ?? "");
  return styles.replaceAll(/(?<=<font>).*?(?=<\/font>)/g, (children) =>
    (children.match(/<[^>]*>/g) ?? []).toSorted((a, b) => rank(a) - rank(b)).join(""),
  );
}

/** It takes links to places in the workbook for links to files beside it. */
function linkWithin(parts: Parts, sheet: string): void {
  const targets = new Map<string, string>();
  change(parts, relationsPath(sheet), (relations) =>
    relations.replaceAll(
      /<Relationship Id="(\w+)" Type="[^"]*\/hyperlink" Target="([^"]*)"[^>]*>/g,
      (_, id: string, target: string) => {
        targets.set(id, target);
        return "";
      },
    ),
  );
  change(parts, sheet, (xml) =>
    xml.replaceAll(
      /(<hyperlink ref="\w+" )r:id="(\w+)"[^>]*(?=\/>)/g,
      (_, start: string, id: string) => `${start}location="${targets.get(id)}"`,
    ),
  );
}

/** It cannot say that a symbol begins above its limit, not at it. */
function excludeLimits(sheet: string): string {
  return sheet.replaceAll(/<iconSet.*?<\/iconSet>/g, (symbols) =>
    symbols.replaceAll(/(?<=<cfvo type="num" [^>]*)(?=\/>)/g, ' gte="0"'),
  );
}

/** It draws by lot the id that joins a bar and its extension, which needs to be unique in its sheet only. */
function numberBars(sheet: string): string {
  const ids = Array.from(sheet.matchAll(/<x14:id>([^<]*)</g), ([, id = ""]) => id);
  return ids.reduce(
    (xml, id, index) => xml.replaceAll(id, `{00000000-0000-4000-8000-${String(index).padStart(12, "0")}}`),
    sheet,
  );
}

/** It names a sheet's notes after its table; the schema has them before. */
function placeNotes(sheet: string): string {
  const [notes = ""] = /<legacyDrawing [^>]*>/.exec(sheet) ?? [];
  return sheet.replace(notes, "").replace("<tableParts", `${notes}<tableParts`);
}

/** It holds a defined name as each of its cells, too many where a name is for all runs. Adds names as XML. */
export function addDefinedNames(parts: Parts, names: string): void {
  insertBefore(parts, "xl/workbook.xml", "</definedNames>", names);
}

/** It has neither charts nor text boxes. Adds a part that it does not know, of a content type of this format. */
export function addPart(parts: Parts, path: string, type: string, xml: string): void {
  parts.set(path, xml);
  const declared = attributes({
    PartName: `/${path}`,
    ContentType: `application/vnd.openxmlformats-officedocument.${type}+xml`,
  });
  insertBefore(parts, "[Content_Types].xml", "</Types>", `<Override${declared}/>`);
}

/** The same: places a part of drawings on a sheet. It stands before the notes, and these before the table. */
export function placeDrawing(parts: Parts, sheet: string, target: string): void {
  const id = "drawing";
  insertBefore(parts, relationsPath(sheet), "</Relationships>", relation(id, "drawing", target));
  const next = parts.get(sheet)?.includes("<legacyDrawing") ? "<legacyDrawing" : "<tableParts";
  insertBefore(parts, sheet, next, `<drawing r:id="${id}"/>`);
}

/** How a part is led to another. */
export function relation(id: string, type: string, target: string): string {
  return `<Relationship${attributes({ Id: id, Type: `${namespaces.relationships}/${type}`, Target: target })}/>`;
}

/** What stands around the rows that are streamed into a sheet, and the numbers of the styles that they may have. */
interface Surroundings {
  before: string;
  after: string;
  styleNumbers: readonly number[];
}

/**
 * It holds every cell as an object, too many where there are many runs. So of a long sheet it wrote a single row, which
 * has each style once. Takes that row out, and makes the sheet and its table as long as the rows to come.
 */
export function takeOutSampleRow(parts: Parts, sheet: string, table: string, cells: string): Surroundings {
  change(parts, table, (xml) => xml.replaceAll(/(?<= ref=")[^"]*/g, cells));
  change(parts, sheet, (xml) => xml.replace(/(?<=<dimension ref=")[^"]*/, cells));
  const [before = "", sample = "", after = ""] = (parts.get(sheet) ?? "").split(/(<row r="2".*<\/row>)/s);
  const styleNumbers = Array.from(sample.matchAll(/ s="(\d+)"/g), ([, number]) => Number(number));
  return { before, after, styleNumbers };
}

/** Changes a part that is there. */
function change(parts: Parts, path: string, changed: (xml: string) => string): void {
  const xml = parts.get(path);
  if (xml === undefined) throw new Error(`The workbook has no part ${path}`);
  parts.set(path, changed(xml));
}

/** Puts XML before the first place that reads so. */
function insertBefore(parts: Parts, path: string, place: string, addition: string): void {
  change(parts, path, (xml) => xml.replace(place, () => addition + place));
}

/** It writes no width for a column of 9 characters, which it takes for none of its own. Columns are wider. */
export const leastColumnWidth = 10;

/** It declares that each conditional format has a priority, and numbers those that have this one. */
export const unnumberedPriority = 0;

/** It declares an enum of paper sizes that it does not have. */
// oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- see above
export const a4: PaperSize = 9;

declare module "exceljs" {
  /** It reads these colours, but does not declare them. */
  interface DataBarRuleType {
    color: { argb: string };
    negativeFillColor: { argb: string };
  }

  /** It writes the language, but does not declare it. */
  interface Workbook {
    language: string;
  }
}
