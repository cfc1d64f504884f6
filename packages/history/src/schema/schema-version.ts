import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { sql, type Kysely } from "kysely";
import type { HistoryDatabase } from "../connection/database.ts";
import { SchemaVersionError } from "../connection/errors.ts";
import { MIGRATIONS, sqlFilesIn, VIEWS, type SqlFile } from "./sql-files.ts";

/**
 * Which views there have been, by their hashes, oldest first: so each version of the code can tell whether those of a
 * database are older or newer than its own. `pnpm --filter @runledger/history run views` adds the present ones.
 */
export const VIEWS_THERE_WERE = join(VIEWS, "versions.txt");

/** The schema that this code makes. */
export interface OwnSchema {
  migrations: readonly SqlFile[];
  views: readonly SqlFile[];
  version: SchemaVersion;
}

interface SchemaVersion {
  /** Name of the last migration. */
  migration: string;
  /** How many versions of the views there have been; this is the last of them. */
  views: number;
  viewsHash: string;
}

export async function ownSchema(): Promise<OwnSchema> {
  const [migrations, views] = await Promise.all([sqlFilesIn(MIGRATIONS), sqlFilesIn(VIEWS)]);
  const viewsHash = hashOf(views);
  const hashes = await viewsThereWere();
  const known = hashes.lastIndexOf(viewsHash);
  const version = {
    migration: migrations.at(-1)?.name ?? "none",
    views: known === -1 ? hashes.length + 1 : known + 1,
    viewsHash,
  };
  return { migrations, views, version };
}

export async function viewsThereWere(): Promise<string[]> {
  return (await readFile(VIEWS_THERE_WERE, "utf8")).split("\n").filter(Boolean);
}

/** The schema's comment, which says what is in force. */
export function commentOf({ migration, views, viewsHash }: SchemaVersion): string {
  return `Run history of Ylem pipelines, kept by Runledger (migration ${migration}, views ${views} ${viewsHash}).`;
}

/** Whether the database's schema is this code's: one short query. */
export async function isInForce(db: Kysely<HistoryDatabase>, { version }: OwnSchema): Promise<boolean> {
  return (await commentInForce(db)) === commentOf(version);
}

/**
 * Makes sure that the database's schema is not newer than what this code knows: an older version would write what a newer
 * one no longer means so, and two versions would replace each other's views with every run.
 *
 * @throws SchemaVersionError with both versions.
 */
export async function assertIsNotNewer(
  db: Kysely<HistoryDatabase>,
  { migrations, version }: OwnSchema,
): Promise<void> {
  const known = new Set(migrations.map(({ name }) => name));
  const newest = (await migrationsIn(db)).findLast((name) => !known.has(name));
  const theirs = viewsIn(await commentInForce(db));
  const hasOtherViews =
    theirs !== null &&
    (theirs.views > version.views ||
      (theirs.views === version.views && theirs.viewsHash !== version.viewsHash));
  if (newest === undefined && !hasOtherViews) {
    return;
  }
  const there = `${newest ?? version.migration}${theirs ? `, views ${theirs.views} ${theirs.viewsHash}` : ""}`;
  const here = `${version.migration}, views ${version.views} ${version.viewsHash}`;
  throw new SchemaVersionError(
    `the database's schema is newer than this Runledger: it is at ${there}; this code knows it up to ${here}. ` +
      "Nothing was touched. Update this Runledger, or run the version that the others run.",
  );
}

async function migrationsIn(db: Kysely<HistoryDatabase>): Promise<string[]> {
  const { rows } = await sql<{ there: boolean }>`
    select to_regclass('runledger.kysely_migration') is not null as there`.execute(db);
  if (!rows[0]?.there) {
    return [];
  }
  const { rows: names } = await sql<{ name: string }>`
    select name from runledger.kysely_migration order by name`.execute(db);
  return names.map(({ name }) => name);
}

async function commentInForce(db: Kysely<HistoryDatabase>): Promise<string | null> {
  const { rows } = await sql<{ comment: string | null }>`
    select obj_description(to_regnamespace('runledger'), 'pg_namespace') as comment`.execute(db);
  return rows[0]?.comment ?? null;
}

/** Null when there is no schema, or its comment is an older version's or somebody else's. */
function viewsIn(comment: string | null): Pick<SchemaVersion, "views" | "viewsHash"> | null {
  const [, views, viewsHash] = comment?.match(/, views (\d+) (\w+)\)/u) ?? [];
  return views === undefined || viewsHash === undefined ? null : { views: Number(views), viewsHash };
}

function hashOf(files: readonly SqlFile[]): string {
  return createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 12);
}
