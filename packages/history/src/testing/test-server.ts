import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { chown, mkdir, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { serverAccount } from "../embedded/server-account.ts";
import { endServer, findServer, runToEnd, spawnServer } from "../embedded/server-process.ts";

export interface TestServer extends AsyncDisposable {
  /** Of its superuser, in the database `runledger`. */
  url: string;
  data: string;
}

/**
 * A Postgres for tests, which need a superuser, other roles and TCP: unlike the embedded one, and like that of earlier
 * versions, whose folders look as this one's does. Gone when disposed of.
 */
export async function startTestServer(
  settings: Record<string, string> = {},
  { password = randomUUID(), data: given }: { password?: string; data?: string } = {},
): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), "runledger-test-"));
  const data = given ?? join(folder, "postgres");
  const port = await freePort();
  const account = await serverAccount();
  const passwordFile = join(folder, "password");
  await writeFile(passwordFile, password, { mode: 0o600 });
  await mkdir(data, { mode: 0o700 });
  if (account) {
    await Promise.all([folder, data, passwordFile].map((path) => chown(path, account.uid, account.gid)));
  }
  const access = ["--username=runledger", `--pwfile=${passwordFile}`, "--auth=scram-sha-256"];
  await runToEnd("initdb", [`--pgdata=${data}`, ...access, "--encoding=UTF8", "--locale=C", "--no-sync"]);
  const all = { listen_addresses: "127.0.0.1", unix_socket_directories: "", ...settings };
  const flags = Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const log = await open(join(folder, "log"), "a");
  await spawnServer(["-D", data, "-p", String(port), ...flags], log.fd);
  await log.close();
  const server = `postgres://runledger:${password}@127.0.0.1:${port}`;
  await createDatabase(`${server}/postgres`);
  return {
    url: `${server}/runledger`,
    data,
    async [Symbol.asyncDispose]() {
      const running = await findServer(data);
      if (running) {
        await endServer(data, running);
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function createDatabase(url: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const client = new pg.Client(url);
    client.on("error", () => {});
    try {
      await client.connect();
      await client.query("create database runledger");
      return;
    } catch (error) {
      if (tries === 600) {
        throw error;
      }
      await wait(25);
    } finally {
      await client.end().catch(() => {});
    }
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address ? address.port : 0;
}
