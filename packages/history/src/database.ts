import { Kysely } from "kysely";
import pg from "pg";
import type { DB } from "./database-types.ts";
import { DatabaseUnreachableError } from "./errors.ts";
import { HistoryDialect } from "./history-dialect.ts";
import { assertKeepsTransactions } from "./keeps-transactions.ts";

export type HistoryDatabase = DB;

export interface DatabaseOptions {
  /** Connection URL, `postgres://user:password@host:port/database`. */
  url: string;
  /** Shown in `pg_stat_activity`. Default `runledger`. */
  applicationName?: string;
  /** Most connections open at once. Default 10. */
  maxConnections?: number;
}

/** The history: a Kysely whose tables are those of schema `runledger`, and the pool behind it. */
export interface History extends AsyncDisposable {
  db: Kysely<HistoryDatabase>;
  pool: pg.Pool;
}

/**
 * Connects to the history and makes sure that the database answers.
 *
 * @throws DatabaseUnreachableError with what to check; it never shows the password.
 */
export async function openHistory(options: DatabaseOptions): Promise<History> {
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: options.applicationName ?? "runledger",
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: 10_000,
    types: parsers(),
  });
  // A connection that breaks while idle is replaced at the next query; that query reports what is wrong.
  pool.on("error", () => {});
  // So is one that breaks while it is checked out: whoever has it learns of it from its next query, and an event that
  // nobody listened to would end the process.
  pool.on("connect", (client) => client.on("error", () => {}));
  await assertAnswers(pool, options.url);
  await assertKeepsTransactions(pool).catch(async (error: unknown) => {
    await pool.end();
    throw error;
  });
  const db = new Kysely<HistoryDatabase>({ dialect: new HistoryDialect({ pool }) }).withSchema("runledger");
  return { db, pool, [Symbol.asyncDispose]: () => db.destroy() };
}

async function assertAnswers(pool: pg.Pool, url: string): Promise<void> {
  try {
    await pool.query("select 1");
  } catch (cause) {
    await pool.end();
    throw new DatabaseUnreachableError(
      `cannot connect to Postgres at ${withoutPassword(url)}: ${reasonOf(cause)}. ` +
        "Check DATABASE_URL (or DATABASE_URL_FILE) and that the server is up.",
      { cause },
    );
  }
}

function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError) {
    return reasonOf(cause.errors[0]);
  }
  return cause instanceof Error ? cause.message : String(cause);
}

function withoutPassword(url: string): string {
  try {
    const { hostname, port, pathname } = new URL(url);
    return `${hostname || "localhost"}:${port || "5432"}${pathname}`;
  } catch {
    return "the given URL, which is not of the form postgres://user:password@host:port/database";
  }
}

/**
 * Counts and durations (`bigint`, `numeric`) as numbers: they stay far below 2^53. Days (`date`) as
 * `YYYY-MM-DD`: a day has no zone to be shifted by.
 */
function parsers(): pg.TypeOverrides {
  const overrides = new pg.TypeOverrides();
  overrides.setTypeParser(pg.types.builtins.INT8, Number);
  overrides.setTypeParser(pg.types.builtins.NUMERIC, Number);
  overrides.setTypeParser(pg.types.builtins.DATE, String);
  return overrides;
}
