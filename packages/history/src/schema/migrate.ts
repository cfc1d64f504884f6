import { sql, type Kysely } from "kysely";
import { MIGRATION_LOCK_ID, Migrator, type Migration } from "kysely/migration";
import type { HistoryDatabase } from "../connection/database.ts";
import { isRefusal, reasonAndRemedy } from "../connection/database-remedy.ts";
import { DatabaseSetUpError, hasCode, MigrationError } from "../connection/errors.ts";
import { assertIsNotNewer, commentOf, isInForce, ownSchema, type OwnSchema } from "./schema-version.ts";
import type { SqlFile } from "./sql-files.ts";

export interface MigrationResult {
  /** Names of the migrations that ran now, in order; empty when the schema was current. */
  applied: string[];
}

export interface MigrateOptions {
  /** How long a change waits for those who use the table, and how often it is tried. Meanwhile others wait for it. */
  lockTimeoutMs?: number;
  tries?: number;
}

/**
 * Brings the schema `runledger` up to date, in one transaction: pending migrations in order, then views and grants where
 * they changed. Safe when several processes start at once. When there is nothing to do it takes one short query and no
 * lock.
 *
 * @throws SchemaVersionError when the schema is newer than this code, DatabaseSetUpError with the statement that mends it
 * when something may not be done, and MigrationError naming the migration that failed, or who is in its way. What it did
 * is rolled back.
 */
export async function migrate(
  db: Kysely<HistoryDatabase>,
  { lockTimeoutMs = 5000, tries = 6 }: MigrateOptions = {},
): Promise<MigrationResult> {
  try {
    const own = await ownSchema();
    if (await isInForce(db, own)) {
      return { applied: [] };
    }
    await assertIsNotNewer(db, own);
    await ensureLockRow(db);
    for (let count = 1; ; count += 1) {
      try {
        return { applied: await db.transaction().execute((trx) => bringUpToDate(trx, own, lockTimeoutMs)) };
      } catch (error) {
        if (!isLockTimeout(error)) {
          throw error;
        }
        if (count === tries) {
          throw await inTheWay(db, error);
        }
      }
    }
  } catch (error) {
    throw await withReason(db, error);
  }
}

/** What `migrate` would do, tried in a transaction that is rolled back; rejects with what `migrate` would reject with. */
export async function rehearseMigration(
  db: Kysely<HistoryDatabase>,
  { lockTimeoutMs = 2000 }: MigrateOptions = {},
): Promise<MigrationResult> {
  const own = await ownSchema();
  let applied: string[] = [];
  try {
    if (await isInForce(db, own)) {
      return { applied };
    }
    await assertIsNotNewer(db, own);
    await db.transaction().execute(async (trx) => {
      for (const statement of (await hasLockRow(trx)) ? [] : LOCK_ROW) {
        await statement.execute(trx);
      }
      applied = await bringUpToDate(trx, own, lockTimeoutMs);
      throw new RolledBack();
    });
  } catch (error) {
    if (!(error instanceof RolledBack)) {
      throw await withReason(db, error);
    }
  }
  return { applied };
}

/** Ends a rehearsal. */
class RolledBack extends Error {}

async function bringUpToDate(
  trx: Kysely<HistoryDatabase>,
  own: OwnSchema,
  lockTimeoutMs: number,
): Promise<string[]> {
  // Whoever stands still in the midst of it is not waited for.
  await sql`set local idle_in_transaction_session_timeout = '60s'`.execute(trx);
  await lockRow(trx);
  await sql`set local lock_timeout = ${sql.lit(lockTimeoutMs)}`.execute(trx);
  // Meanwhile another process may have brought it up to date, or beyond.
  await assertIsNotNewer(trx, own);
  const applied = await runMigrations(trx, own.migrations);
  await replaceViews(trx, own);
  return applied;
}

/** The same error with the reason in its words: what can be mended in the set-up, and what cannot. */
async function withReason(db: Kysely<HistoryDatabase>, error: unknown): Promise<unknown> {
  const cause = error instanceof MigrationError ? error.cause : error;
  if (isRefusal(cause)) {
    const what = error instanceof MigrationError ? error.message : "the schema cannot be brought up to date";
    return new DatabaseSetUpError(`${what}: ${await reasonAndRemedy(db, cause)}`, { cause });
  }
  if (error instanceof MigrationError && !isLockTimeout(error)) {
    return new MigrationError(`${error.message}: ${await reasonAndRemedy(db, cause)}`, { cause });
  }
  return error;
}

/**
 * The row that whoever migrates locks, in Kysely's own table. Made in statements of their own: of two transactions that
 * make the same at once, one fails.
 */
async function ensureLockRow(db: Kysely<HistoryDatabase>): Promise<void> {
  if (await hasLockRow(db)) {
    return;
  }
  for (const statement of LOCK_ROW) {
    await statement.execute(db).catch((error: unknown) => {
      // "if not exists" does not see what somebody else is making at this moment.
      if (!hasCode(error, "23505", "42710", "42P06", "42P07")) {
        throw error;
      }
    });
  }
}

const LOCK_ROW = [
  sql`create schema if not exists runledger`,
  sql`create table if not exists runledger.kysely_migration_lock
      (id varchar(255) not null primary key, is_locked integer not null default 0)`,
  sql`insert into runledger.kysely_migration_lock (id) values (${MIGRATION_LOCK_ID}) on conflict do nothing`,
];

/** The table alone is not enough: who found no row in it would lock nothing. */
async function hasLockRow(db: Kysely<HistoryDatabase>): Promise<boolean> {
  const { rows } = await sql<{ isThere: boolean }>`
    select to_regclass('runledger.kysely_migration_lock') is not null as "isThere"`.execute(db);
  if (!rows[0]?.isThere) {
    return false;
  }
  const row = await sql`select from runledger.kysely_migration_lock where id = ${MIGRATION_LOCK_ID}`.execute(
    db,
  );
  return row.rows.length === 1;
}

async function lockRow(db: Kysely<HistoryDatabase>): Promise<void> {
  await sql`select from runledger.kysely_migration_lock where id = ${MIGRATION_LOCK_ID} for update`.execute(
    db,
  );
}

function isLockTimeout(error: unknown): boolean {
  return error instanceof MigrationError ? isLockTimeout(error.cause) : hasCode(error, "55P03");
}

/** The error that names those whose open transactions have locks on the schema's relations. */
async function inTheWay(db: Kysely<HistoryDatabase>, cause: unknown): Promise<MigrationError> {
  const { rows } = await sql<{ pid: number; user: string; application: string }>`
    select distinct a.pid, a.usename as user, a.application_name as application
    from pg_locks l
    join pg_class c on c.oid = l.relation and c.relnamespace = to_regnamespace('runledger')
    join pg_stat_activity a using (pid)
    where l.granted and l.database = (select oid from pg_database where datname = current_database())
      and a.pid <> pg_backend_pid()
    order by a.pid`.execute(db);
  const names = rows.map(
    ({ pid, user, application }) => `pid ${pid} (user ${user}, ${application || "no name"})`,
  );
  const end = rows.map(({ pid }) => `select pg_terminate_backend(${pid})`);
  return new MigrationError(
    rows.length === 0
      ? "the schema could not be changed as others used its tables; they have ended by now. Run again."
      : `the schema cannot be changed while others have transactions open on its tables: ${names.join(", ")}. ` +
          `Wait for them to end, or end them (${end.join("; ")}), then run again.`,
    { cause },
  );
}

/** Names of migrations that have not run in this database. */
export async function pendingMigrations(db: Kysely<HistoryDatabase>): Promise<string[]> {
  const migrations = await migratorFor(db, (await ownSchema()).migrations).getMigrations();
  return migrations.filter((migration) => !migration.executedAt).map((migration) => migration.name);
}

async function runMigrations(db: Kysely<HistoryDatabase>, files: readonly SqlFile[]): Promise<string[]> {
  const { error, results = [] } = await migratorFor(db, files).migrateToLatest();
  if (error) {
    const failed = results.find((result) => result.status === "Error")?.migrationName ?? "(before the first)";
    throw new MigrationError(`migration ${failed} failed and was rolled back`, { cause: error });
  }
  return results.map((result) => result.migrationName);
}

function migratorFor(db: Kysely<HistoryDatabase>, files: readonly SqlFile[]): Migrator {
  const migrations = files.map(({ name, text }): [string, Migration] => [
    name,
    { up: async (target) => void (await sql.raw(text).execute(target)) },
  ]);
  return new Migrator({
    db,
    provider: { getMigrations: async () => Object.fromEntries(migrations) },
    migrationTableSchema: "runledger",
  });
}

/**
 * Views hold no data, so their files are the truth. `create or replace` keeps what users have built on them. The
 * schema's comment says which version of all files is in force.
 */
async function replaceViews(db: Kysely<HistoryDatabase>, own: OwnSchema): Promise<void> {
  if (await isInForce(db, own)) {
    return;
  }
  for (const { text } of own.views) {
    await sql.raw(text).execute(db);
  }
  await sql`comment on schema runledger is ${sql.lit(commentOf(own.version))}`.execute(db);
}
