import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openHistory } from "../database.ts";
import { startEmbeddedPostgres, stopEmbeddedPostgres } from "../embedded-postgres.ts";
import { migrate } from "../migrate.ts";
import { SERVER_URL_VARIABLE } from "./test-history.ts";

/** For vitest's `globalSetup`: one real Postgres for the run, whose first database is the migrated template. */
export default async function setUp(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "runledger-test-"));
  const data = join(folder, "postgres");
  const url = await startEmbeddedPostgres(data, {
    // Nothing here has to outlive a power cut.
    settings: { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_connections: "200" },
  });
  {
    await using history = await openHistory({ url });
    await migrate(history.db);
  }
  process.env[SERVER_URL_VARIABLE] = url;
  return async () => {
    await stopEmbeddedPostgres(data);
    await rm(folder, { recursive: true, force: true });
  };
}
