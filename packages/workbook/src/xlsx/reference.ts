/** A block of cells, rows and columns counted from 1, the last ones included. */
export interface Block {
  sheet: string;
  firstColumn: number;
  firstRow: number;
  lastColumn: number;
  lastRow: number;
}

/** Cells of one column; without a last row a single cell. */
export function columnCells(sheet: string, column: number, firstRow: number, lastRow = firstRow): Block {
  return { sheet, firstColumn: column, firstRow, lastColumn: column, lastRow };
}

/** `B2:M14` */
export function blockReference({ firstColumn, firstRow, lastColumn, lastRow }: Omit<Block, "sheet">): string {
  return `${columnName(firstColumn)}${firstRow}:${columnName(lastColumn)}${lastRow}`;
}

/** `'Runs 2'!$B$2:$B$14`; a single cell has no second half. */
export function absoluteReference(block: Block): string {
  const first = `$${columnName(block.firstColumn)}$${block.firstRow}`;
  const last = `$${columnName(block.lastColumn)}$${block.lastRow}`;
  return `'${block.sheet}'!${first === last ? first : `${first}:${last}`}`;
}

/** `A`, `Z`, `AA`: the name of a column, counted from 1. */
export function columnName(column: number): string {
  const rest = Math.floor((column - 1) / 26);
  return `${rest > 0 ? columnName(rest) : ""}${String.fromCharCode(65 + ((column - 1) % 26))}`;
}
