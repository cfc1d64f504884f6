import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openHistory, type History } from "../connection/database.ts";
import { deleteEmbeddedPostgres, startEmbeddedPostgres } from "../embedded/embedded-postgres.ts";
import { migrate } from "../schema/migrate.ts";

export interface ScratchDatabase extends AsyncDisposable {
  url: string;
  history: History;
  /** A folder of its own, gone at its end. */
  folder: string;
}

/** A migrated history in an embedded Postgres of its own, with default settings; gone when disposed of. */
export async function startScratchDatabase(): Promise<ScratchDatabase> {
  const folder = await mkdtemp(join(tmpdir(), "runledger-scratch-"));
  const data = join(folder, "postgres");
  const url = await startEmbeddedPostgres(data);
  const history = await openHistory({ url, applicationName: "runledger-scratch" });
  await migrate(history.db);
  return {
    url,
    history,
    folder,
    async [Symbol.asyncDispose]() {
      await history[Symbol.asyncDispose]();
      await deleteEmbeddedPostgres(data);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
