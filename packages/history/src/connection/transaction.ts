import { Kysely, PostgresDialect } from "kysely";
import type pg from "pg";
import type { History, HistoryDatabase } from "./database.ts";

/** One transaction, both as Kysely and as the connection under it, which COPY needs. */
export interface HistoryTransaction {
  db: Kysely<HistoryDatabase>;
  client: pg.PoolClient;
}

/** What has to hold for a transaction to be allowed at all: a statement that finds a row and keeps it as it is. */
export interface Fence {
  /** The statement with its values in it, as literals: it goes to the server together with `begin`. */
  statement: (literal: (value: string) => string) => string;
  /** The error when there is no row. */
  error: () => Error;
}

type Work<T> = (transaction: HistoryTransaction) => Promise<T>;

/**
 * Runs `work` in a transaction: committed when it resolves, rolled back when it rejects. With a fence it is run only
 * where that holds, and what the fence has found stays so to the transaction's end.
 */
export async function inTransaction<T>(
  history: History,
  work: Work<T>,
  fence: Fence | null = null,
): Promise<T> {
  return transact(history, work, "commit", fence);
}

/** Runs `work` in a transaction that is rolled back whatever comes of it: to learn what it would do. */
export async function inRolledBackTransaction<T>(history: History, work: Work<T>): Promise<T> {
  return transact(history, work, "rollback", null);
}

/** A transaction that waits for its own process for a minute has one that hangs, and others may be waiting for its rows. */
const BEGIN = "begin; set local idle_in_transaction_session_timeout = '60s'";

async function transact<T>(
  history: History,
  work: Work<T>,
  ending: "commit" | "rollback",
  fence: Fence | null,
): Promise<T> {
  const client = await history.pool.connect();
  let broken: Error | undefined;
  try {
    await begin(client, fence);
    const result = await work({ db: kyselyOn(client), client });
    await client.query(ending);
    return result;
  } catch (error) {
    await client.query("rollback").catch((cause: Error) => (broken = cause));
    throw error;
  } finally {
    // A connection that could not even roll back is not given to the next one.
    client.release(broken);
  }
}

async function begin(client: pg.PoolClient, fence: Fence | null): Promise<void> {
  if (fence === null) {
    await client.query(BEGIN);
    return;
  }
  // pg gives a result for each of several statements.
  const results: unknown = await client.query(
    `${BEGIN}; ${fence.statement((value) => client.escapeLiteral(value))}`,
  );
  const last = Array.isArray(results) ? results.at(-1) : null;
  if (last?.rowCount !== 1) {
    throw fence.error();
  }
}

/** A Kysely whose every query runs on this one connection. */
function kyselyOn(client: pg.PoolClient): Kysely<HistoryDatabase> {
  const connection = { query: client.query.bind(client), release: () => {} };
  const pool = { connect: async () => connection, end: async () => {} };
  // Kysely's pool type wants the whole of pg's client; it calls these.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const dialect = new PostgresDialect({ pool: pool as unknown as pg.Pool });
  return new Kysely<HistoryDatabase>({ dialect }).withSchema("runledger");
}
