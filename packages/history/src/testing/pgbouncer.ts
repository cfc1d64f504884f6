import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { serverAccount } from "../embedded/server-account.ts";
import { freePort } from "./test-server.ts";

export interface PgBouncer extends AsyncDisposable {
  /** Of the same database, through the pooler. */
  url: string;
}

/** A real PgBouncer in front of a test's database, with fewer sessions than there are clients. */
export async function startPgBouncer(
  program: string,
  databaseUrl: string,
  mode: "transaction" | "statement",
): Promise<PgBouncer> {
  const folder = await mkdtemp(join(tmpdir(), "runledger-pgbouncer-"));
  // It refuses to run as root, and then has to read this as somebody else.
  await chmod(folder, 0o755);
  const port = await freePort();
  const { host, port: serverPort, user, password, database } = new pg.Client(databaseUrl);
  const config = join(folder, "pgbouncer.ini");
  await writeFile(
    config,
    `[databases]
* = host=${host} port=${serverPort} user=${user} password=${password ?? ""}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = ${mode}
default_pool_size = 6
max_client_conn = 500
`,
  );
  const child = spawn(program, [config], { stdio: "ignore", ...(await serverAccount()) });
  const ended = once(child, "exit");
  const url = `postgres://anybody@127.0.0.1:${port}/${database}`;
  await untilItAnswers(url);
  return {
    url,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function untilItAnswers(url: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const client = new pg.Client(url);
    client.on("error", () => {});
    try {
      await client.connect();
      await client.query("select 1");
      return;
    } catch (error) {
      if (tries === 200) {
        throw error;
      }
      await wait(25);
    } finally {
      await client.end().catch(() => {});
    }
  }
}
