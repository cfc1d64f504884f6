import { Readable } from "node:stream";
import { pipeline as connect } from "node:stream/promises";
import type { HistoryTransaction } from "@runledger/history";
import { from as copyFrom } from "pg-copy-streams";
import { BinaryCopy } from "./binary-copy.ts";

/** Adds rows to a table with COPY, the quickest way into Postgres. A row that is there already is an error. */
export async function copyIn<Row>(
  { client }: HistoryTransaction,
  table: string,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
): Promise<void> {
  const names = columns.map((column) => column.name).join(", ");
  const target = client.query(copyFrom(`copy ${table} (${names}) from stdin (format binary)`));
  await connect(Readable.from(piecesOf(rows, columns)), target);
}

export interface Column<Row> {
  name: string;
  /** Writes the field of one row, in the column's type. */
  write: (copy: BinaryCopy, row: Row, index: number) => void;
}

/** A column in which all rows have the same UUID. */
export function constantUuid(name: string, uuid: string): Column<unknown> {
  const bytes = Buffer.from(uuid.replaceAll("-", ""), "hex");
  return { name, write: (copy) => copy.bytes(bytes) };
}

function* piecesOf<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): Generator<Buffer> {
  const copy = new BinaryCopy();
  let index = 0;
  for (const row of rows) {
    copy.row(columns.length);
    for (const { write } of columns) {
      write(copy, row, index);
    }
    index += 1;
    const piece = copy.takePiece();
    if (piece) {
      yield piece;
    }
  }
  yield copy.finish();
}
