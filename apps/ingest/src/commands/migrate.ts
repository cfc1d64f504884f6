import { exitCode, type Context, type ExitCode } from "@runledger/cli";
import { configuredUrl, migrate as migrateHistory, openHistory } from "@runledger/history";

/** Brings the database's schema up to date and says what it did. */
export async function migrate({ environment, stdout, isJson }: Context): Promise<ExitCode> {
  const url = await configuredUrl(environment.databaseUrl);
  await using history = await openHistory({ url, applicationName: "runledger-ingest migrate" });
  const { applied } = await migrateHistory(history.db);
  if (isJson) {
    stdout.write(`${JSON.stringify({ applied })}\n`);
  } else {
    stdout.write(applied.length === 0 ? "The schema is up to date.\n" : `Applied ${applied.join(", ")}.\n`);
  }
  return exitCode.done;
}
