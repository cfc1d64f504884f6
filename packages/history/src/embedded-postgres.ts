import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { chown, mkdir, open, readFile, realpath, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { EmbeddedPostgresError, hasCode } from "./errors.ts";
import { asServerAccount, serverAccount, type Binary } from "./server-account.ts";

const USER = "runledger";
/** The server listens on loopback only; what is worth a secret belongs on a server named by `DATABASE_URL`. */
const PASSWORD = "runledger";
const PREFERRED_PORT = 54_329;
const START_TIMEOUT_MS = 60_000;

export interface EmbeddedOptions {
  /** Settings passed to the server, for example `{ fsync: "off" }` in tests. */
  settings?: Record<string, string>;
}

/**
 * Makes sure that the embedded Postgres of a data folder runs, and returns its URL.
 *
 * The server is a process of its own that outlives the caller, so that several commands and psql can use it;
 * `stopEmbeddedPostgres` ends it. Safe to call from several processes at once, as root or not.
 *
 * @throws EmbeddedPostgresError when there are no binaries for this platform or the server does not start.
 */
export async function startEmbeddedPostgres(folder: string, options: EmbeddedOptions = {}): Promise<string> {
  const dataFolder = resolve(folder);
  await initialise(dataFolder);
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const port = await answeringPort(dataFolder);
    if (port !== null) {
      return await databaseUrl(port);
    }
    if (!(await isServerAlive(dataFolder))) {
      await launch(dataFolder, options);
    }
    await sleep(50);
  }
  throw new EmbeddedPostgresError(
    `the embedded Postgres in ${dataFolder} did not start within ${START_TIMEOUT_MS / 1000} s; ` +
      `its log is ${logFile(dataFolder)}`,
  );
}

/** Stops the server of a data folder, if it runs; committed data stays. */
export async function stopEmbeddedPostgres(folder: string): Promise<boolean> {
  const dataFolder = resolve(folder);
  const lock = await readLock(dataFolder);
  if (!lock || !(await isServerAlive(dataFolder))) {
    return false;
  }
  // SIGINT is Postgres's fast shutdown: open transactions are rolled back, data is flushed.
  process.kill(lock.pid, "SIGINT");
  while (await isServerAlive(dataFolder)) {
    await sleep(20);
  }
  return true;
}

/** Creates the data folder under another name first: at any moment it is absent or whole. */
async function initialise(dataFolder: string): Promise<void> {
  if (existsSync(join(dataFolder, "PG_VERSION"))) {
    return;
  }
  const draft = `${dataFolder}.${randomUUID()}`;
  await mkdir(draft, { recursive: true, mode: 0o700 });
  const account = await serverAccount();
  if (account) {
    await chown(draft, account.uid, account.gid);
  }
  const passwordFile = `${draft}.password`;
  await writeFile(passwordFile, PASSWORD, { mode: 0o644 });
  try {
    await runToEnd("initdb", [
      `--pgdata=${draft}`,
      `--username=${USER}`,
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C",
      "--no-sync",
    ]);
    await rename(draft, dataFolder);
  } catch (cause) {
    await rm(draft, { recursive: true, force: true });
    if (!existsSync(join(dataFolder, "PG_VERSION"))) {
      throw cause;
    }
    // Another process was faster: its folder is as good.
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** Starts the server and leaves it to itself. Where another process starts it too, one of the two gives way. */
async function launch(dataFolder: string, options: EmbeddedOptions): Promise<void> {
  const port = await freePort();
  const settings = { listen_addresses: "127.0.0.1", unix_socket_directories: "", ...options.settings };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const log = await open(logFile(dataFolder), "a");
  try {
    const [command, args] = await asServerAccount("postgres", [
      "-D",
      dataFolder,
      "-p",
      String(port),
      ...flags,
    ]);
    const server = spawn(command, args, { detached: true, stdio: ["ignore", log.fd, log.fd], cwd: "/" });
    await new Promise<void>((settled, failed) => {
      server.once("error", failed);
      server.once("spawn", settled);
    });
    server.unref();
    await untilItAnswersOrExits(dataFolder, server);
  } finally {
    await log.close();
  }
}

async function untilItAnswersOrExits(dataFolder: string, server: ReturnType<typeof spawn>): Promise<void> {
  while (server.exitCode === null && server.signalCode === null) {
    if ((await answeringPort(dataFolder)) !== null) {
      return;
    }
    await sleep(20);
  }
  // Exit code 1 with a lock file there: another process won the race, the caller finds its server.
  if (!(await readLock(dataFolder))) {
    throw new EmbeddedPostgresError(
      `the embedded Postgres in ${dataFolder} ended at once; its log is ${logFile(dataFolder)}`,
    );
  }
}

/** The port on which the folder's own server answers, or null. */
async function answeringPort(dataFolder: string): Promise<number | null> {
  const lock = await readLock(dataFolder);
  if (!lock?.port) {
    return null;
  }
  const client = new pg.Client({ connectionString: urlOf(lock.port, "postgres") });
  client.on("error", () => {});
  try {
    await client.connect();
    const { rows } = await client.query("show data_directory");
    return rows[0].data_directory === (await realpath(dataFolder)) ? lock.port : null;
  } catch {
    return null;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Postgres's own lock file: line 1 the process, line 4 the port. */
async function readLock(dataFolder: string): Promise<{ pid: number; port: number } | null> {
  try {
    const lines = (await readFile(join(dataFolder, "postmaster.pid"), "utf8")).split("\n");
    return { pid: Number(lines[0]), port: Number(lines[3]) };
  } catch {
    return null;
  }
}

async function isServerAlive(dataFolder: string): Promise<boolean> {
  const lock = await readLock(dataFolder);
  if (!lock) {
    return false;
  }
  try {
    process.kill(lock.pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, "EPERM");
  }
}

async function databaseUrl(port: number): Promise<string> {
  const client = new pg.Client({ connectionString: urlOf(port, "postgres") });
  await client.connect();
  try {
    await client.query(`create database ${USER}`);
  } catch (error) {
    if (!hasCode(error, "42P04", "23505")) {
      throw error;
    }
  } finally {
    await client.end();
  }
  return urlOf(port, USER);
}

function urlOf(port: number, database: string): string {
  return `postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/${database}`;
}

function logFile(dataFolder: string): string {
  return `${dataFolder}.log`;
}

async function freePort(): Promise<number> {
  const isFree = await listensOn(PREFERRED_PORT);
  return isFree ?? (await listensOn(0)) ?? PREFERRED_PORT;
}

/** Listens for a moment; the port it got, or null when taken. */
async function listensOn(port: number): Promise<number | null> {
  const probe = createServer();
  return new Promise((settled) => {
    probe.once("error", () => settled(null));
    probe.listen(port, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => settled(typeof address === "object" && address ? address.port : null));
    });
  });
}

async function runToEnd(binary: Binary, args: string[]): Promise<void> {
  const [command, commandArgs] = await asServerAccount(binary, args);
  const child = spawn(command, commandArgs, { stdio: ["ignore", "ignore", "pipe"], cwd: "/" });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complaint += text));
  const code = await new Promise<number | null>((settled, failed) => {
    child.once("error", failed);
    child.once("close", settled);
  });
  if (code !== 0) {
    throw new EmbeddedPostgresError(`${binary} failed: ${complaint.trim()}`);
  }
}
