import type pg from "pg";
import { DatabaseSetUpError } from "./errors.ts";

/**
 * Makes sure that transactions of several statements are possible at all: a pooler in statement mode gives each statement
 * another session, and what has to land together would not.
 *
 * @throws DatabaseSetUpError that says which mode is needed.
 */
export async function assertKeepsTransactions(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    await client.query("commit");
    client.release();
  } catch (cause) {
    client.release(true);
    throw new DatabaseSetUpError(
      `the database refuses transactions (${String(cause)}). Behind a pooler in statement mode nothing can be stored as a ` +
        "whole: set its mode to transaction (PgBouncer: pool_mode = transaction), or point DATABASE_URL at Postgres itself.",
      { cause },
    );
  }
}
