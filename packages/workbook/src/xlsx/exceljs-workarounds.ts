import { change, relationsPath, type Parts } from "./parts.ts";

/** Sets right what exceljs writes otherwise than the schema has it, or otherwise each time. */
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

/** The children of a font. */
const fontOrder = ["b", "sz", "color", "name", "family", "scheme"];

function orderFonts(styles: string): string {
  const rank = (element: string) => fontOrder.indexOf(/\w+/.exec(element)?.[0] ?? "");
  return styles.replaceAll(/(?<=<font>).*?(?=<\/font>)/g, (children) =>
    (children.match(/<[^>]*>/g) ?? []).toSorted((a, b) => rank(a) - rank(b)).join(""),
  );
}

/** Links lead to places in the workbook; exceljs takes them for files beside it. */
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

/** A symbol begins above its limit, not at it. */
function excludeLimits(sheet: string): string {
  return sheet.replaceAll(/<iconSet.*?<\/iconSet>/g, (symbols) =>
    symbols.replaceAll(/(?<=<cfvo type="num" [^>]*)(?=\/>)/g, ' gte="0"'),
  );
}

/** A bar and its extension are joined by an id, which exceljs draws by lot. It needs to be unique in its sheet only. */
function numberBars(sheet: string): string {
  const ids = Array.from(sheet.matchAll(/<x14:id>([^<]*)</g), ([, id = ""]) => id);
  return ids.reduce(
    (xml, id, index) => xml.replaceAll(id, `{00000000-0000-4000-8000-${String(index).padStart(12, "0")}}`),
    sheet,
  );
}

/** Notes are named before the table. */
function placeNotes(sheet: string): string {
  const [notes = ""] = /<legacyDrawing [^>]*>/.exec(sheet) ?? [];
  return sheet.replace(notes, "").replace("<tableParts", `${notes}<tableParts`);
}
