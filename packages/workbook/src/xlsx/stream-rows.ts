import { takeOutSampleRow } from "./exceljs-workarounds.ts";
import type { Parts, StreamedParts } from "./parts.ts";
import { blockReference, columnName } from "./reference.ts";
import type { Style } from "./style.ts";
import type { Row, SheetCell, Worksheet } from "./worksheet.ts";
import { escaped } from "./xml.ts";

/**
 * The sheets whose rows are streamed: in place of the single row that stands there all rows are written, piece by piece,
 * with the numbers that their styles have in it.
 */
export function streamRows(parts: Parts, worksheets: readonly Worksheet[]): StreamedParts {
  const streamed: StreamedParts = new Map();
  for (const [index, { rows, rowCount, columns, streamedStyles }] of worksheets.entries()) {
    if (streamedStyles === null) continue;
    const [path, table] = [`xl/worksheets/sheet${index + 1}.xml`, `xl/tables/table${index + 1}.xml`];
    const cells = { firstColumn: 1, firstRow: 1, lastColumn: columns.length, lastRow: rowCount + 1 };
    const { before, after, styleNumbers } = takeOutSampleRow(parts, path, table, blockReference(cells));
    const numberOf = new Map(streamedStyles.map((style, position) => [style, styleNumbers[position]]));
    streamed.set(path, pieces({ before, after }, rows, rowWriter(numberOf)));
  }
  return streamed;
}

type RowWriter = (row: Row, number: number) => string;

function* pieces(
  { before, after }: { before: string; after: string },
  rows: Iterable<Row>,
  toXml: RowWriter,
): Generator<string> {
  let piece = before;
  let number = 1;
  for (const row of rows) {
    piece += toXml(row, ++number);
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = "";
  }
  yield piece + after;
}

/** Characters that are worth being compressed together. */
const pieceLength = 65_536;

function rowWriter(numberOf: ReadonlyMap<Style, number | undefined>): RowWriter {
  const columns: string[] = [];
  return ({ height, cells }, number) => {
    let xml = `<row r="${number}" ht="${height}" customHeight="1">`;
    for (const [index, { value, style }] of cells.entries()) {
      const column = (columns[index] ??= columnName(index + 1));
      const styleNumber = numberOf.get(style);
      if (styleNumber === undefined) {
        throw new Error(`Column ${column} has a style that its sheet does not name`);
      }
      xml += `<c r="${column}${number}" s="${styleNumber}"${contentXml(value)}`;
    }
    return `${xml}</row>`;
  };
}

/** What ends the start of a cell, and what follows it. Text is never a formula, whatever it begins with. */
function contentXml(value: SheetCell["value"]): string {
  if (value === null) return "/>";
  if (typeof value === "number") return `><v>${value}</v></c>`;
  const keepsSpace = value === value.trim() ? "" : ' xml:space="preserve"';
  return ` t="inlineStr"><is><t${keepsSpace}>${escaped(value)}</t></is></c>`;
}
