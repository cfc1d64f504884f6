import { blank, text } from "./cell.ts";
import type { Cell } from "./cell.ts";
import type { ConditionalFormat } from "../xlsx/conditional-format.ts";
import type { Drawing } from "../xlsx/drawing.ts";

/** One sheet: one table, its header in the first row, and drawings below or beside it. */
export interface Sheet {
  /** Also of the table, with `_` for a space. */
  name: string;
  columns: readonly Heading[];
  /** Made anew each time they are gone through, so that no more than one need be held. */
  rows: Iterable<readonly Cell[]>;
  rowCount: number;
  /** Whether the rows are streamed; their cells are then values only, neither formulas nor links. */
  isLong?: boolean;
  /** Where they stand depends on how wide the columns turn out: in characters. */
  drawings?: (widths: readonly number[]) => Drawing[];
  isSinglePage?: boolean;
}

export interface Heading {
  header: string;
  /** Shown when pointing at the header: the zone of a time, the unit of a number. */
  note?: string;
  /** Characters after which text is wrapped; default 48. */
  wrapAt?: number;
  /** How values stand out. */
  format?: ConditionalFormat;
}

/** A column of a sheet that is made of `Row`s. */
export interface Column<Row> extends Heading {
  cell: (row: Row) => Cell;
}

/** Lays rows out in columns. With no rows there is one that says so: a table cannot be empty. */
export function sheetOf<Row>(
  name: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  nothing = "None this week",
): Sheet {
  if (rows.length > 0) return { name, columns, rows: cellsOf(columns, rows), rowCount: rows.length };
  const row = columns.map((_, index) => (index === 0 ? text(nothing) : blank));
  return { name, columns, rows: [row], rowCount: 1 };
}

/** The same for rows that are too many to be held at once; there is at least one. */
export function longSheetOf<Row>(
  name: string,
  columns: readonly Column<Row>[],
  rows: Iterable<Row>,
  rowCount: number,
): Sheet {
  return { name, columns, rows: cellsOf(columns, rows), rowCount, isLong: true };
}

function cellsOf<Row>(columns: readonly Column<Row>[], rows: Iterable<Row>): Iterable<readonly Cell[]> {
  return {
    *[Symbol.iterator]() {
      for (const row of rows) yield columns.map(({ cell }) => cell(row));
    },
  };
}

/** What formulas call a sheet's table. */
export function tableName(sheet: string): string {
  return sheet.replaceAll(" ", "_");
}
