import { blank, text } from "./cell.ts";
import type { Cell } from "./cell.ts";

/** One sheet: one table, its header in the first row. */
export interface Sheet {
  name: string;
  columns: readonly Heading[];
  rows: readonly (readonly Cell[])[];
}

export interface Heading {
  header: string;
  /** Shown when pointing at the header: the zone of a time, the unit of a number. */
  note?: string;
  /** Characters after which text is wrapped; default 48. */
  wrapAt?: number;
}

/** A column of a sheet that is made of `Row`s. */
export interface Column<Row> extends Heading {
  cell: (row: Row) => Cell;
}

/** Lays rows out in columns. With no rows there is one that says so: a table cannot be empty. */
export function sheetOf<Row>(name: string, columns: readonly Column<Row>[], rows: readonly Row[]): Sheet {
  const cells = rows.map((row) => columns.map(({ cell }) => cell(row)));
  const nothing = columns.map((_, index) => (index === 0 ? text("None this week") : blank));
  return { name, columns, rows: cells.length > 0 ? cells : [nothing] };
}
