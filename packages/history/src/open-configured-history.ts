import { join } from "node:path";
import { openHistory, type History } from "./connection/database.ts";
import { startEmbeddedPostgres } from "./embedded/embedded-postgres.ts";
import { assertMayWrite } from "./connection/may-write.ts";
import { migrate } from "./schema/migrate.ts";

/** Where the embedded Postgres keeps its data, below the working directory. */
export const EMBEDDED_FOLDER = join(".runledger", "postgres");

/**
 * The history an app works on: at `databaseUrl`, or in the embedded Postgres when there is none; its schema up
 * to date.
 *
 * @throws DatabaseUnreachableError, DatabaseSetUpError, EmbeddedPostgresError or MigrationError.
 */
export async function openConfiguredHistory(
  databaseUrl: string | null,
  applicationName: string,
): Promise<History> {
  const url = await configuredUrl(databaseUrl);
  const history = await openHistory({ url, applicationName });
  try {
    await migrate(history.db);
    return history;
  } catch (error) {
    await history[Symbol.asyncDispose]();
    throw error;
  }
}

/** `databaseUrl`, or the URL of the embedded Postgres, which then runs. */
export async function configuredUrl(databaseUrl: string | null): Promise<string> {
  return databaseUrl ?? (await startEmbeddedPostgres(EMBEDDED_FOLDER));
}

/** The same, for a command that writes: that it may is known before it has done anything. */
export async function openWritableHistory(
  databaseUrl: string | null,
  applicationName: string,
): Promise<History> {
  const history = await openConfiguredHistory(databaseUrl, applicationName);
  try {
    await assertMayWrite(history);
    return history;
  } catch (error) {
    await history[Symbol.asyncDispose]();
    throw error;
  }
}
