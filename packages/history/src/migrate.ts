import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { sql, type Kysely } from "kysely";
import { Migrator, type Migration } from "kysely/migration";
import type { HistoryDatabase } from "./database.ts";
import { MigrationError } from "./errors.ts";

const MIGRATIONS = join(import.meta.dirname, "..", "migrations");
const VIEWS = join(import.meta.dirname, "..", "views");

/** One number for all Runledger processes: whoever holds it migrates, the others wait. */
const MIGRATION_LOCK = 7_265_738_801;

export interface MigrationResult {
  /** Names of the migrations that ran now, in order; empty when the schema was current. */
  applied: string[];
}

/**
 * Brings the schema `runledger` up to date: pending migrations in order, then views and grants where they changed.
 * Safe when several processes start at once. When there is nothing to do it takes one short query and no lock.
 *
 * @throws MigrationError naming the migration that failed; what it did is rolled back.
 */
export async function migrate(db: Kysely<HistoryDatabase>): Promise<MigrationResult> {
  const files = { migrations: await sqlFilesIn(MIGRATIONS), views: await sqlFilesIn(VIEWS) };
  const version = versionOf(files);
  if ((await versionInForce(db)) === version) {
    return { applied: [] };
  }
  return db.connection().execute(async (connection) => {
    await sql`select pg_advisory_lock(${MIGRATION_LOCK})`.execute(connection);
    try {
      const applied = await runMigrations(connection, files.migrations);
      await replaceViews(connection, files.views, version);
      return { applied };
    } finally {
      await sql`select pg_advisory_unlock(${MIGRATION_LOCK})`.execute(connection);
    }
  });
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
  await db.transaction().execute(async (trx) => {
    for (const { text } of views) {
      await sql.raw(text).execute(trx);
    }
    await sql`comment on schema runledger is ${sql.lit(commentOf(version))}`.execute(trx);
  });
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
