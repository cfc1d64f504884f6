import { exitCode, printResult, type Context, type ExitCode } from "@runledger/cli";
import { configuredUrl, migrate as migrateHistory, openHistory } from "@runledger/history";
import type { MigrateDocument } from "../sync/sync-documents.ts";

/** Brings the database's schema up to date and says what it did. */
export async function migrate(context: Context): Promise<ExitCode> {
  const url = await configuredUrl(context.environment.databaseUrl);
  await using history = await openHistory({ url, applicationName: "runledger-ingest migrate" });
  const { applied } = await migrateHistory(history.db);
  printResult<MigrateDocument>(context, {
    document: () => ({ applied }),
    lines: () => [applied.length === 0 ? "The schema is up to date." : `Applied ${applied.join(", ")}.`],
  });
  return exitCode.done;
}
