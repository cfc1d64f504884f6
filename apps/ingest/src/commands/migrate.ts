import { exitCode, type Context, type ExitCode } from "@runledger/cli";
import {
  EMBEDDED_FOLDER,
  migrate as migrateHistory,
  openHistory,
  startEmbeddedPostgres,
} from "@runledger/history";

/** Brings the database's schema up to date and says what it did. */
export async function migrate({ environment, stdout, isJson }: Context): Promise<ExitCode> {
  const url = environment.databaseUrl ?? (await startEmbeddedPostgres(EMBEDDED_FOLDER));
  await using history = await openHistory({ url, applicationName: "runledger-ingest migrate" });
  const { applied } = await migrateHistory(history.db);
  if (isJson) {
    stdout.write(`${JSON.stringify({ applied })}\n`);
  } else {
    stdout.write(applied.length === 0 ? "The schema is up to date.\n" : `Applied ${applied.join(", ")}.\n`);
  }
  return exitCode.done;
}
