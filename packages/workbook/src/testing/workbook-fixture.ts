import JSZip from "jszip";
import readXlsx from "read-excel-file/node";

/** Serial dates are binary fractions of a day: a reader may be a millisecond off. */
export function toSecond(value: unknown): string {
  return value instanceof Date ? new Date(value.getTime() + 1).toISOString().slice(0, 19) : String(value);
}

/** Every sheet's cells, as an independent reader sees them. */
export async function read(workbook: Buffer): Promise<Record<string, unknown[][]>> {
  const sheets = await readXlsx(workbook);
  return Object.fromEntries(sheets.map(({ sheet, data }) => [sheet, data]));
}

/** The files of the package. */
export async function parts(workbook: Buffer): Promise<Record<string, string>> {
  const { files } = await JSZip.loadAsync(workbook);
  return Object.fromEntries(
    await Promise.all(Object.values(files).map(async (file) => [file.name, await file.async("string")])),
  );
}

/** The row whose first cell is this. */
export function row(sheets: Record<string, unknown[][]>, sheet: string, first: string): unknown[] {
  return sheets[sheet]?.find(([name]) => name === first) ?? [];
}
