import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import {
  deleteEmbeddedPostgres,
  lookAtEmbeddedPostgres,
  startEmbeddedPostgres,
  stopEmbeddedPostgres,
} from "./embedded-postgres.ts";

/** A look at the embedded Postgres. Disposing of it leaves things as they were. */
export interface EmbeddedVisit extends AsyncDisposable {
  url: string;
  /** Whether there is none yet: then this is one in a folder for the moment, to see whether it can be. */
  isTrial: boolean;
}

/**
 * Starts the embedded Postgres of a data folder for a look, unless it runs.
 *
 * @throws EmbeddedPostgresError when it cannot be started.
 */
export async function visitEmbeddedPostgres(dataFolder: string): Promise<EmbeddedVisit> {
  const state = await lookAtEmbeddedPostgres(dataFolder);
  if (state === "absent") {
    return visitTrial();
  }
  const url = await startEmbeddedPostgres(dataFolder);
  return {
    url,
    isTrial: false,
    async [Symbol.asyncDispose]() {
      if (state === "stopped" && !(await isUsedByOthers(url))) {
        await stopEmbeddedPostgres(dataFolder);
      }
    },
  };
}

async function visitTrial(): Promise<EmbeddedVisit> {
  const folder = await mkdtemp(join(tmpdir(), "runledger-trial-"));
  const data = join(folder, "postgres");
  const remove = async () => {
    await deleteEmbeddedPostgres(data);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const url = await startEmbeddedPostgres(data);
    return { url, isTrial: true, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Another command may have come meanwhile: it goes on with the server, which would run for it in any case. */
async function isUsedByOthers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  try {
    await client.connect();
    const { rowCount } = await client.query(
      `select from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
    );
    return rowCount !== 0;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}
