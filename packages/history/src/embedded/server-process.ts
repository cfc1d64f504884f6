import { spawn, type ChildProcess } from "node:child_process";
import { readFile, readlink, realpath, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { EmbeddedPostgresError, hasCode } from "../connection/errors.ts";
import { asServerAccount, SET_PRIVILEGES, type Binary } from "./server-account.ts";

/** What a data folder's lock file says of the process that works on it. */
export interface ServerProcess {
  pid: number;
  /** Where it listens; empty until it does, and where it listens on the network alone. */
  socketFolder: string;
  /** The address at which it listens on the network; empty where it does not. */
  network: string;
  /** Whether it is one that serves nobody: somebody prepares the folder, and soon ends. */
  isPreparing: boolean;
}

/** The process that works on a data folder; null when there is none. What a dead one left does not count. */
export async function findServer(dataFolder: string): Promise<ServerProcess | null> {
  const lock = await readLock(dataFolder);
  return lock && (await isServerOf(dataFolder, lock.pid)) ? lock : null;
}

/** Ends a server and waits for its end: open transactions are rolled back, data is flushed. */
export async function endServer(dataFolder: string, { pid }: ServerProcess): Promise<void> {
  try {
    // Postgres's fast shutdown.
    process.kill(pid, "SIGINT");
  } catch (cause) {
    if (hasCode(cause, "ESRCH")) {
      return;
    }
    throw new EmbeddedPostgresError(
      `the embedded Postgres in ${dataFolder} runs as another account; stop it as the account that started it`,
      { cause },
    );
  }
  const deadline = Date.now() + END_TIMEOUT_MS;
  while ((await findServer(dataFolder))?.pid === pid) {
    if (Date.now() > deadline) {
      throw new EmbeddedPostgresError(
        `the embedded Postgres in ${dataFolder} (process ${pid}) does not end; end it, then run again`,
      );
    }
    await sleep(20);
  }
}

const END_TIMEOUT_MS = 60_000;

/** Starts a server that outlives this process. */
export async function spawnServer(args: string[], logDescriptor: number): Promise<ChildProcess> {
  const [command, commandArgs] = await asServerAccount("postgres", args);
  const server = spawn(command, commandArgs, {
    detached: true,
    stdio: ["ignore", logDescriptor, logDescriptor],
    cwd: "/",
    env: environment(),
  });
  await new Promise<void>((settled, failed) => {
    server.once("error", (cause) => failed(whyNotStarted(command, cause)));
    server.once("spawn", settled);
  });
  server.unref();
  return server;
}

/** Runs one of Postgres's programs to its end; rejects with what it complains of when it fails. */
export async function runToEnd(binary: Binary, args: string[], input = ""): Promise<void> {
  const [command, commandArgs] = await asServerAccount(binary, args);
  const child = spawn(command, commandArgs, {
    stdio: ["pipe", "ignore", "pipe"],
    cwd: "/",
    env: environment(),
  });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complaint += text));
  // One that ends early does not read all; its exit code says so.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const code = await new Promise<number | null>((settled, failed) => {
    child.once("error", (cause) => failed(whyNotStarted(command, cause)));
    child.once("close", settled);
  });
  if (code !== 0) {
    throw new EmbeddedPostgresError(`${binary} failed: ${complaint.trim()}`);
  }
}

/** Where the program that gives up root's rights is missing, no other folder would help. */
function whyNotStarted(command: string, cause: Error): Error {
  return command === SET_PRIVILEGES && hasCode(cause, "ENOENT")
    ? new EmbeddedPostgresError(
        `root has the embedded Postgres run as another account, for which ${command} is missing: install the package ` +
          "util-linux (on Alpine setpriv), run as an ordinary user, or set DATABASE_URL to a Postgres of yours.",
        { cause },
      )
    : cause;
}

/** None of the secrets of this process: what runs as the server's account could read them. */
function environment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TZ, LD_LIBRARY_PATH } = process.env;
  return { PATH, HOME, TZ, LD_LIBRARY_PATH, LC_ALL: "C" };
}

/**
 * Forgets the lock file of a server that died: Postgres would not start where its number is another program's now, or
 * where it died before it wrote the number.
 */
export async function forgetDeadServer(dataFolder: string): Promise<void> {
  const found = await stat(lockFile(dataFolder)).catch(() => null);
  const lock = await readLock(dataFolder);
  const isOfAnother =
    lock !== null && (await programOf(lock.pid)) !== null && !(await isServerOf(dataFolder, lock.pid));
  const isRemnant = found?.size === 0 && Date.now() - found.mtimeMs > WRITING_MS;
  if (isOfAnother || isRemnant) {
    await rm(lockFile(dataFolder), { force: true });
  }
}

/** Within this time a server has written into the lock file that it has made. */
const WRITING_MS = 10_000;

/** Line 1 the process (negative where it serves nobody), line 5 the socket's folder, line 6 the network's address. */
async function readLock(dataFolder: string): Promise<ServerProcess | null> {
  try {
    const lines = (await readFile(lockFile(dataFolder), "utf8")).split("\n");
    const pid = Number(lines[0]);
    return Number.isInteger(pid) && pid !== 0
      ? {
          pid: Math.abs(pid),
          isPreparing: pid < 0,
          socketFolder: lines[4] ?? "",
          network: lines[5]?.trim() ?? "",
        }
      : null;
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) {
      return null;
    }
    throw error;
  }
}

function lockFile(dataFolder: string): string {
  return join(dataFolder, "postmaster.pid");
}

async function isServerOf(dataFolder: string, pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!hasCode(error, "EPERM")) {
      return false;
    }
  }
  const program = await programOf(pid);
  if (program === null) {
    return true;
  }
  // The data folder may have got another name since: the folder that the process is in follows it.
  const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => null);
  const isHere = cwd === null ? program.includes(dataFolder) : cwd === (await realpath(dataFolder));
  return program.includes("postgres") && isHere;
}

/** The command line of a process, empty when it has ended but nobody took note; null where the system does not tell. */
async function programOf(pid: number): Promise<string | null> {
  return readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => null);
}
