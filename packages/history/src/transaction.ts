import { Kysely, PostgresDialect } from "kysely";
import type pg from "pg";
import type { History, HistoryDatabase } from "./database.ts";

/** One transaction, both as Kysely and as the connection under it, which COPY needs. */
export interface HistoryTransaction {
  db: Kysely<HistoryDatabase>;
  client: pg.PoolClient;
}

type Work<T> = (transaction: HistoryTransaction) => Promise<T>;

/** Runs `work` in a transaction: committed when it resolves, rolled back when it rejects. */
export async function inTransaction<T>(history: History, work: Work<T>): Promise<T> {
  return transact(history, work, "commit");
}

/** Runs `work` in a transaction that is rolled back whatever comes of it: to learn what it would do. */
export async function inRehearsal<T>(history: History, work: Work<T>): Promise<T> {
  return transact(history, work, "rollback");
}

async function transact<T>(history: History, work: Work<T>, ending: "commit" | "rollback"): Promise<T> {
  const client = await history.pool.connect();
  let broken: Error | undefined;
  try {
    await client.query("begin");
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

/** A Kysely whose every query runs on this one connection. */
function kyselyOn(client: pg.PoolClient): Kysely<HistoryDatabase> {
  const connection = { query: client.query.bind(client), release: () => {} };
  const pool = { connect: async () => connection, end: async () => {} };
  // Kysely's pool type wants the whole of pg's client; it calls these.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const dialect = new PostgresDialect({ pool: pool as unknown as pg.Pool });
  return new Kysely<HistoryDatabase>({ dialect }).withSchema("runledger");
}
