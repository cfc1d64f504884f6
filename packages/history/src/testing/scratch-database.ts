import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  migrate,
  openHistory,
  startEmbeddedPostgres,
  stopEmbeddedPostgres,
  type History,
} from "@runledger/history";

export interface BenchDatabase extends AsyncDisposable {
  url: string;
  history: History;
  /** A folder of this benchmark's own, gone at its end. */
  folder: string;
}

/** A migrated history in an embedded Postgres of its own, with default settings; gone when disposed of. */
export async function startDatabase(): Promise<BenchDatabase> {
  const folder = await mkdtemp(join(tmpdir(), "runledger-bench-"));
  const data = join(folder, "postgres");
  const url = await startEmbeddedPostgres(data);
  const history = await openHistory({ url, applicationName: "runledger-bench" });
  await migrate(history.db);
  return {
    url,
    history,
    folder,
    async [Symbol.asyncDispose]() {
      await history[Symbol.asyncDispose]();
      await stopEmbeddedPostgres(data);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
