import { Kysely } from "kysely";
import pg from "pg";
import type { DB } from "./database-types.ts";
import { DatabaseSetUpError, DatabaseUnreachableError } from "./errors.ts";
import { HistoryDialect } from "./history-dialect.ts";
import { assertKeepsTransactions } from "./keeps-transactions.ts";
import { pooledClient } from "./pooled-client.ts";
import { readPostgresUrl, type PostgresAddress } from "./postgres-address.ts";
import { localSettings, startupOptions } from "./session-settings.ts";
import { whyUnreachable } from "./why-unreachable.ts";

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
  /** Whether a pooler stands before the server: then no session is this process's own. */
  isPooled: boolean;
}

/**
 * Connects to the history and makes sure that the database answers and can hold it. Whatever settings the database or
 * the role has, those that the code reads values by are the session's own or, behind a pooler, each transaction's.
 *
 * @throws DatabaseUnreachableError with what to check, and DatabaseSetUpError with what to change; neither shows the
 * password.
 */
export async function openHistory(options: DatabaseOptions): Promise<History> {
  const address = readPostgresUrl(options.url);
  const config: pg.PoolConfig = {
    ...address.config,
    application_name: options.applicationName ?? "runledger",
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    types: parsers(),
  };
  const server = await meetServer(address, config);
  assertHoldsAllText(server, address);
  const pool = new pg.Pool(
    server.isPooled
      ? {
          ...config,
          connectionTimeoutMillis: POOLED_WAIT_MS,
          Client: pooledClient(localSettings(server.version)),
        }
      : { ...config, options: withOptions(config, startupOptions(server.version)) },
  );
  // A connection that breaks while idle is replaced at the next query; that query reports what is wrong.
  pool.on("error", () => {});
  // So is one that breaks while it is checked out: whoever has it learns of it from its next query, and an event that
  // nobody listened to would end the process.
  pool.on("connect", (client) => client.on("error", () => {}));
  await assertKeepsTransactions(pool).catch(async (error: unknown) => {
    await pool.end();
    throw error;
  });
  const db = new Kysely<HistoryDatabase>({ dialect: new HistoryDialect({ pool }) }).withSchema("runledger");
  return { db, pool, isPooled: server.isPooled, [Symbol.asyncDispose]: () => db.destroy() };
}

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * A process that stands still in the midst of transactions keeps sessions of the pooler until the server ends them, a minute
 * later at most. Whoever needs one is patient until then.
 */
const POOLED_WAIT_MS = 90_000;

interface Server {
  /** As `server_version_num` says it. */
  version: number;
  encoding: string;
  isPooled: boolean;
}

/** One connection as it comes, to learn what stands there. */
async function meetServer(address: PostgresAddress, config: pg.PoolConfig): Promise<Server> {
  const client = new pg.Client(config);
  client.on("error", () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ version: number; encoding: string; pid: number }>(
      `select current_setting('server_version_num')::int as version,
              current_setting('server_encoding') as encoding, pg_backend_pid() as pid`,
    );
    const [{ version, encoding, pid } = { version: 0, encoding: "", pid: 0 }] = rows;
    // A pooler greets its clients itself, with a number of its own for the process that serves them.
    const { processID }: { processID?: number | null } = Object(client);
    return { version, encoding, isPooled: processID !== pid };
  } catch (cause) {
    throw new DatabaseUnreachableError(
      `cannot connect to Postgres at ${address.shown}: ${whyUnreachable(cause, address)}`,
      // The driver's own message would show what the URL was read as.
      address.isCertain ? { cause } : {},
    );
  } finally {
    await client.end().catch(() => {});
  }
}

function assertHoldsAllText({ encoding }: Server, { shown, config }: PostgresAddress): void {
  if (encoding !== "UTF8") {
    throw new DatabaseSetUpError(
      `the database at ${shown} has the encoding ${encoding}, which cannot hold every text of the source. ` +
        `Make one that can, as a superuser: create database runledger encoding 'UTF8' template template0 ` +
        `owner ${pg.escapeIdentifier(config.user ?? "runledger")}; and name it in DATABASE_URL.`,
    );
  }
}

/** The URL's own options stand first: of two of one name the last counts. */
function withOptions({ options }: pg.PoolConfig, pinned: string): string {
  return options ? `${options} ${pinned}` : pinned;
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
