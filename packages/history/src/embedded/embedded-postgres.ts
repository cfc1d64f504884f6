import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { chown, open, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import {
  agreedPassword,
  APPLICATION,
  convert,
  hasAccess,
  noteAccess,
  prepareNew,
  SUPERUSER,
} from "./embedded-access.ts";
import {
  findPlace,
  finishMove,
  giveToServerAccount,
  hasSocket,
  moveData,
  PORT,
  preparePlace,
  socketFolder,
  type Place,
} from "./embedded-place.ts";
import { EmbeddedPostgresError, reasonOf } from "../connection/errors.ts";
import { makeFolders } from "./make-folders.ts";
import { serverAccount } from "./server-account.ts";
import {
  endServer,
  findServer,
  forgetDeadServer,
  runToEnd,
  spawnServer,
  type ServerProcess,
} from "./server-process.ts";

const START_TIMEOUT_MS = 60_000;
/** So often a step may fail before it is said: another process may be at the same one. */
const TRIES = 5;

/**
 * Makes sure that the embedded Postgres of a data folder runs, and returns its URL.
 *
 * Only this account reaches it: it listens on a socket in a folder of the account's own, and lets in the application
 * alone, which is no superuser. The server is a process of its own that outlives the caller, so that several commands
 * and psql can use it; `stopEmbeddedPostgres` ends it. Safe to call from several processes at once, as root or not.
 *
 * @throws EmbeddedPostgresError when there are no binaries for this platform or the server does not start.
 */
export async function startEmbeddedPostgres(folder: string): Promise<string> {
  try {
    return await start(resolve(folder));
  } catch (cause) {
    const { syscall }: NodeJS.ErrnoException = Object(cause);
    if (syscall === undefined) {
      throw cause;
    }
    throw new EmbeddedPostgresError(
      `the embedded Postgres in ${resolve(folder)} cannot be set up: ${reasonOf(cause)}. ` +
        "Work in a folder that this account may write to, or set DATABASE_URL to a Postgres of yours.",
      { cause },
    );
  }
}

async function start(folder: string): Promise<string> {
  const place = await preparePlace(folder);
  const password = await agreedPassword(place.passwordFile);
  const deadline = Date.now() + START_TIMEOUT_MS;
  let failures = 0;
  while (Date.now() < deadline) {
    const url = await urlOfServer(place, password);
    if (url !== null) {
      return url;
    }
    try {
      await takeNextStep(place, folder, password);
    } catch (error) {
      failures += 1;
      if (failures === TRIES) {
        throw error;
      }
    }
    await sleep(50);
  }
  throw new EmbeddedPostgresError(
    `the embedded Postgres in ${place.data} did not start within ${START_TIMEOUT_MS / 1000} s; its log is ${place.log}`,
  );
}

/** Stops the server of a data folder, if it runs; committed data stays. */
export async function stopEmbeddedPostgres(folder: string): Promise<boolean> {
  const { data } = await findPlace(resolve(folder));
  const server = await findServer(data);
  if (server === null) {
    return false;
  }
  await endServer(data, server);
  return true;
}

/** Stops the server of a data folder and deletes the folder with all that lies beside it or elsewhere. */
export async function deleteEmbeddedPostgres(folder: string): Promise<void> {
  await stopEmbeddedPostgres(folder);
  const { data, log, passwordFile, accessNote, elsewhereNote, elsewhere } = await findPlace(resolve(folder));
  const files = [log, passwordFile, accessNote, elsewhereNote];
  for (const path of [data, `${data}.socket`, ...(elsewhere === null ? [] : [elsewhere]), ...files]) {
    await rm(path, { recursive: true, force: true });
  }
}

/** Whether a data folder has a server, and whether it runs; of earlier versions, too. */
export async function lookAtEmbeddedPostgres(folder: string): Promise<"absent" | "stopped" | "running"> {
  const { data } = await findPlace(resolve(folder));
  if (await findServer(data)) {
    return "running";
  }
  return existsSync(data) || existsSync(folder) ? "stopped" : "absent";
}

/** The shell's command that opens psql on the database, from whatever folder; it shows no password. */
export function psqlCommand(folder: string, url: string): string {
  const { host } = new pg.Client({ connectionString: url });
  const fields = { host, user: APPLICATION, dbname: APPLICATION, passfile: `${resolve(folder)}.password` };
  const settings = Object.entries({ ...fields, port: String(PORT) })
    .map(([name, value]) => `${name}=${/^[\w./-]+$/u.test(value) ? value : quoted(value)}`)
    .join(" ");
  return `psql "${settings.replaceAll(/["$\\`]/gu, String.raw`\$&`)}"`;
}

/** As libpq reads a value. */
function quoted(value: string): string {
  return `'${value.replaceAll(/['\\]/gu, String.raw`\$&`)}'`;
}

/** What comes next on the way to a server that runs and is private: several processes may be at it. */
async function takeNextStep(place: Place, folder: string, password: string): Promise<void> {
  // The process first: once the folder is private, the one seen before it is not the one that serves it now.
  const server = await findServer(place.data);
  if (server?.isPreparing) return;
  if (!hasData(place.data)) {
    await (hasData(folder) ? takeOver(folder, place) : initialise(place, password));
    return;
  }
  if (place.data !== folder) await finishMove(folder, place.data);
  if (!(await hasAccess(place.accessNote, password))) {
    await makePrivate(place, server, password);
  } else if (server === null) {
    await launch(place, password);
  } else if (isOpen(server) || isCutOff(server)) {
    await endServer(place.data, server);
  }
}

function hasData(folder: string): boolean {
  return existsSync(join(folder, "PG_VERSION"));
}

/** A folder of an earlier version lets in others: they are shut out while no server runs on it. */
async function makePrivate(place: Place, server: ServerProcess | null, password: string): Promise<void> {
  if (server) await endServer(place.data, server);
  await giveToServerAccount(place.data);
  await forgetDeadServer(place.data);
  await convert(place.data, password);
  await noteAccess(place.accessNote, password);
}

/** Whether others reach it, as one that an earlier version has started again. */
function isOpen({ network }: ServerProcess): boolean {
  return network !== "";
}

/** Whether nobody reaches it any more: its socket is gone. */
function isCutOff({ socketFolder: folder }: ServerProcess): boolean {
  return folder !== "" && !hasSocket(folder);
}

/** The URL by which the folder's server answers, or null. */
async function urlOfServer(place: Place, password: string): Promise<string | null> {
  const server = await findServer(place.data);
  if (!server?.socketFolder || isOpen(server) || !(await hasAccess(place.accessNote, password))) {
    return null;
  }
  const host = encodeURIComponent(server.socketFolder);
  const url = `postgres://${APPLICATION}:${password}@/${APPLICATION}?host=${host}&port=${PORT}`;
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  try {
    await client.connect();
    return url;
  } catch {
    return null;
  } finally {
    await client.end().catch(() => {});
  }
}

async function takeOver(folder: string, place: Place): Promise<void> {
  const server = await findServer(folder);
  if (server) {
    await endServer(folder, server);
  }
  await moveData(folder, place.data);
}

/** Creates the data folder under another name first: at any moment it is absent or whole. */
async function initialise(place: Place, password: string): Promise<void> {
  const draft = `${place.data}.${randomUUID()}`;
  await makeFolders(draft, 0o700);
  const account = await serverAccount();
  if (account) {
    await chown(draft, account.uid, account.gid);
  }
  try {
    await runToEnd("initdb", [
      `--pgdata=${draft}`,
      `--username=${SUPERUSER}`,
      "--auth=reject",
      "--encoding=UTF8",
      "--locale=C",
      "--no-sync",
    ]);
    await prepareNew(draft, password);
    await rename(draft, place.data);
    await noteAccess(place.accessNote, password);
  } catch (cause) {
    await rm(draft, { recursive: true, force: true });
    // Where another process was faster its folder is as good.
    if (!hasData(place.data)) throw cause;
  }
}

/** Starts the server and leaves it to itself. Where another process starts it too, one of the two gives way. */
async function launch(place: Place, password: string): Promise<void> {
  await giveToServerAccount(place.data);
  await forgetDeadServer(place.data);
  const sockets = `"${(await socketFolder(place)).replaceAll('"', '""')}"`;
  const settings = {
    listen_addresses: "",
    unix_socket_directories: sockets,
    unix_socket_permissions: "0700",
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const log = await open(place.log, "a", 0o600);
  try {
    await log.chmod(0o600);
    const server = await spawnServer(["-D", place.data, "-p", String(PORT), ...flags], log.fd);
    await untilItAnswersOrExits(place, password, server);
  } finally {
    await log.close();
  }
}

async function untilItAnswersOrExits(place: Place, password: string, server: ChildProcess): Promise<void> {
  while (server.exitCode === null && server.signalCode === null) {
    if ((await urlOfServer(place, password)) !== null) {
      return;
    }
    await sleep(20);
  }
  // With a lock file there another process won the race, and the caller finds its server.
  if ((await findServer(place.data)) === null) {
    throw new EmbeddedPostgresError(
      `the embedded Postgres in ${place.data} ended at once; its log is ${place.log}`,
    );
  }
}
