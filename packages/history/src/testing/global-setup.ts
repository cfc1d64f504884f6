import { openHistory } from "../connection/database.ts";
import { migrate } from "../schema/migrate.ts";
import { SERVER_URL_VARIABLE } from "./test-history.ts";
import { startTestServer } from "./test-server.ts";

/** For vitest's `globalSetup`: one real Postgres for the run, whose first database is the migrated template. */
export default async function setUp(): Promise<() => PromiseLike<void>> {
  const server = await startTestServer({
    // Nothing here has to outlive a power cut.
    fsync: "off",
    synchronous_commit: "off",
    full_page_writes: "off",
    max_connections: "200",
  });
  {
    await using history = await openHistory({ url: server.url });
    await migrate(history.db);
  }
  process.env[SERVER_URL_VARIABLE] = server.url;
  return () => server[Symbol.asyncDispose]();
}
