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
 * Safe when several processes start at once.
 *
 * @throws MigrationError naming the migration that failed; what it did is rolled back.
 */
export async function migrate(db: Kysely<HistoryDatabase>): Promise<MigrationResult> {
  return db.connection().execute(async (connection) => {
    await sql`select pg_advisory_lock(${MIGRATION_LOCK})`.execute(connection);
    try {
      const applied = await runMigrations(connection);
      await refreshViews(connection);
      return { applied };
    } finally {
      await sql`select pg_advisory_unlock(${MIGRATION_LOCK})`.execute(connection);
    }
  });
}

/** Names of migrations that have not run in this database. */
export async function pendingMigrations(db: Kysely<HistoryDatabase>): Promise<string[]> {
  const migrations = await migratorFor(db).getMigrations();
  return migrations.filter((migration) => !migration.executedAt).map((migration) => migration.name);
}

async function runMigrations(db: Kysely<HistoryDatabase>): Promise<string[]> {
  const { error, results = [] } = await migratorFor(db).migrateToLatest();
  if (error) {
    const failed = results.find((result) => result.status === "Error")?.migrationName ?? "(before the first)";
    throw new MigrationError(`migration ${failed} failed and was rolled back`, { cause: error });
  }
  return results.map((result) => result.migrationName);
}

function migratorFor(db: Kysely<HistoryDatabase>): Migrator {
  return new Migrator({
    db,
    provider: { getMigrations: readMigrations },
    migrationTableSchema: "runledger",
  });
}

async function readMigrations(): Promise<Record<string, Migration>> {
  const files = await sqlFilesIn(MIGRATIONS);
  return Object.fromEntries(
    files.map(({ name, text }) => [name, { up: async (db) => void (await sql.raw(text).execute(db)) }]),
  );
}

/**
 * Views hold no data, so their files are the truth and are run again whenever one has changed. `create or replace`
 * keeps what users have built on them. The schema's comment remembers which text is in force.
 */
async function refreshViews(db: Kysely<HistoryDatabase>): Promise<void> {
  const views = await sqlFilesIn(VIEWS);
  const version = createHash("sha256").update(JSON.stringify(views)).digest("hex").slice(0, 12);
  const comment = `Run history of Ylem pipelines, kept by Runledger (views ${version}).`;
  const { rows } = await sql<{ comment: string | null }>`
    select obj_description('runledger'::regnamespace, 'pg_namespace') as comment`.execute(db);
  if (rows[0]?.comment === comment) {
    return;
  }
  await db.transaction().execute(async (trx) => {
    for (const { text } of views) {
      await sql.raw(text).execute(trx);
    }
    await sql`comment on schema runledger is ${sql.lit(comment)}`.execute(trx);
  });
}

async function sqlFilesIn(folder: string): Promise<{ name: string; text: string }[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).toSorted();
  return Promise.all(
    names.map(async (name) => ({
      name: name.replace(/\.sql$/u, ""),
      text: await readFile(join(folder, name), "utf8"),
    })),
  );
}
