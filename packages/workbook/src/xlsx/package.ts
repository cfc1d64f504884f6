import type { Readable } from "node:stream";
import type ExcelJS from "exceljs";
import { addDrawings } from "./add-drawings.ts";
import { addDefinedNames, mendParts } from "./exceljs-workarounds.ts";
import { unzip, zip } from "./parts.ts";
import { absoluteReference, type Block } from "./reference.ts";
import { streamRows } from "./stream-rows.ts";
import { addWorksheet, type Worksheet } from "./worksheet.ts";
import { permitted } from "./xml.ts";

export interface Book {
  properties: Properties;
  worksheets: readonly Worksheet[];
  /** Ranges that formulas, links and readers call by name. */
  names: readonly DefinedName[];
}

/** What a file manager shows of a workbook. */
interface Properties {
  title: string;
  subject: string;
  creator: string;
  /** BCP 47 */
  language: string;
  /** Both when it was made and when it was last changed. */
  date: Date;
}

export interface DefinedName {
  /** Letters, digits, `_` and `.`; nothing that reads as a cell. */
  name: string;
  cells: Block;
}

/** Writes a workbook as XLSX, while it is read. The same book gives the same bytes. */
export async function writePackage(book: Book): Promise<Readable> {
  const workbook = await buildWorkbook(book);
  const parts = await unzip(await workbook.xlsx.writeBuffer({ zip: { compression: "STORE" } }));
  mendParts(parts);
  addDefinedNames(parts, namesXml(book.names));
  addDrawings(parts, book.worksheets);
  return zip(parts, streamRows(parts, book.worksheets));
}

/** All of the book that exceljs can write. */
async function buildWorkbook({ properties, worksheets }: Book): Promise<ExcelJS.Workbook> {
  // Slow to load, and most commands write no workbook.
  const { default: excel } = await import("exceljs");
  const { title, subject, creator, language, date } = properties;
  const workbook = new excel.Workbook();
  Object.assign(workbook, {
    language,
    title: permitted(title),
    subject: permitted(subject),
    creator,
    lastModifiedBy: creator,
    created: date,
    modified: date,
  });
  workbook.views = [view];
  // The results of formulas are in the file; they are worked out again when it is opened, so that no one need trust them.
  workbook.calcProperties.fullCalcOnLoad = true;
  for (const worksheet of worksheets) addWorksheet(workbook, worksheet);
  return workbook;
}

/** A wide window on the first sheet. */
const view = {
  x: 0,
  y: 0,
  width: 28_800,
  height: 17_000,
  firstSheet: 0,
  activeTab: 0,
  visibility: "visible",
} as const;

function namesXml(names: readonly DefinedName[]): string {
  return names
    .map(({ name, cells }) => `<definedName name="${name}">${absoluteReference(cells)}</definedName>`)
    .join("");
}
