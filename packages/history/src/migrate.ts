import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { sql, type Kysely } from "kysely";
import { MIGRATION_LOCK_ID, Migrator, type Migration } from "kysely/migration";
import type { HistoryDatabase } from "./database.ts";
import { hasCode, MigrationError } from "./errors.ts";

const MIGRATIONS = join(import.meta.dirname, "..", "migrations");
const VIEWS = join(import.meta.dirname, "..", "views");

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
 * @throws MigrationError naming the migration that failed, or who is in its way; what it did is rolled back.
 */
export async function migrate(
  db: Kysely<HistoryDatabase>,
  { lockTimeoutMs = 5000, tries = 6 }: MigrateOptions = {},
): Promise<MigrationResult> {
  const files = { migrations: await sqlFilesIn(MIGRATIONS), views: await sqlFilesIn(VIEWS) };
  const version = versionOf(files);
  if ((await versionInForce(db)) === version) {
    return { applied: [] };
  }
  await ensureLockRow(db);
  for (let count = 1; ; count += 1) {
    try {
      return await db.transaction().execute(async (trx) => {
        // Whoever stands still in the midst of it is not waited for.
        await sql`set local idle_in_transaction_session_timeout = '60s'`.execute(trx);
        await lockRow(trx);
        await sql`set local lock_timeout = ${sql.lit(lockTimeoutMs)}`.execute(trx);
        const applied = await runMigrations(trx, files.migrations);
        await replaceViews(trx, files.views, version);
        return { applied };
      });
    } catch (error) {
      if (!isLockTimeout(error)) {
        throw error;
      }
      if (count === tries) {
        throw await inTheWay(db, error);
      }
    }
  }
}

/**
 * The row that whoever migrates locks, in Kysely's own table. Made in statements of their own: of two transactions that
 * make the same at once, one fails.
 */
async function ensureLockRow(db: Kysely<HistoryDatabase>): Promise<void> {
  const statements = [
    sql`create schema if not exists runledger`,
    sql`create table if not exists runledger.kysely_migration_lock
        (id varchar(255) not null primary key, is_locked integer not null default 0)`,
    sql`insert into runledger.kysely_migration_lock (id) values (${MIGRATION_LOCK_ID}) on conflict do nothing`,
  ];
  if (await isThere(db, "runledger.kysely_migration_lock")) {
    return;
  }
  for (const statement of statements) {
    await statement.execute(db).catch((error: unknown) => {
      // "if not exists" does not see what somebody else is making at this moment.
      if (!hasCode(error, "23505", "42P06", "42P07")) {
        throw error;
      }
    });
  }
}

async function isThere(db: Kysely<HistoryDatabase>, relation: string): Promise<boolean> {
  const { rows } = await sql`select from pg_class where oid = to_regclass(${relation})`.execute(db);
  return rows.length === 1;
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
  const migrations = await migratorFor(db, await sqlFilesIn(MIGRATIONS)).getMigrations();
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
async function replaceViews(
  db: Kysely<HistoryDatabase>,
  views: readonly SqlFile[],
  version: string,
): Promise<void> {
  if ((await versionInForce(db)) === version) {
    return;
  }
  for (const { text } of views) {
    await sql.raw(text).execute(db);
  }
  await sql`comment on schema runledger is ${sql.lit(commentOf(version))}`.execute(db);
}

/** What the schema's comment says; null when there is no schema yet, or a comment of somebody else's. */
async function versionInForce(db: Kysely<HistoryDatabase>): Promise<string | null> {
  const { rows } = await sql<{ comment: string | null }>`
    select obj_description(to_regnamespace('runledger'), 'pg_namespace') as comment`.execute(db);
  return rows[0]?.comment?.match(/\(version (\w+)\)/u)?.[1] ?? null;
}

function commentOf(version: string): string {
  return `Run history of Ylem pipelines, kept by Runledger (version ${version}).`;
}

function versionOf(files: object): string {
  return createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 12);
}

interface SqlFile {
  name: string;
  text: string;
}

async function sqlFilesIn(folder: string): Promise<SqlFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).toSorted();
  return Promise.all(
    names.map(async (name) => ({
      name: name.replace(/\.sql$/u, ""),
      text: await readFile(join(folder, name), "utf8"),
    })),
  );
}
