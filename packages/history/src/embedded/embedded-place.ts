import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { constants, existsSync } from "node:fs";
import {
  chmod,
  chown,
  cp,
  link,
  lstat,
  mkdir,
  mkdtemp,
  open,
  readdir,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { EmbeddedPostgresError, hasCode } from "../connection/errors.ts";
import { makeFolders } from "./make-folders.ts";
import { serverAccount, type Account } from "./server-account.ts";

/** Where everything of one embedded Postgres lies. */
export interface Place {
  data: string;
  log: string;
  /** Of the application, in the form that psql reads. */
  passwordFile: string;
  /** That the data folder is private, and for which password. */
  accessNote: string;
  /** Names a folder elsewhere, where there has to be one: for all of a server of root's, or for the socket alone. */
  elsewhereNote: string;
  elsewhere: string | null;
}

/** Below it lie the data folders of servers that root started: their account cannot enter a project of root's. */
const ROOTS_DATA = "/var/lib/runledger";

/** Part of the socket's name; nothing listens on the network. */
export const PORT = 5432;

/** A longer path cannot be a socket's. */
const LONGEST_SOCKET_PATH = process.platform === "linux" ? 107 : 103;
const SOCKET_NAME = `/.s.PGSQL.${PORT}`;

/** The place as it is; makes nothing. */
export async function findPlace(folder: string): Promise<Place> {
  const elsewhereNote = `${folder}.elsewhere`;
  const elsewhere = await readNote(elsewhereNote);
  return {
    data: elsewhere !== null && (await serverAccount()) ? join(elsewhere, "data") : folder,
    log: `${folder}.log`,
    passwordFile: `${folder}.password`,
    accessNote: `${folder}.access`,
    elsewhereNote,
    elsewhere,
  };
}

/** Makes sure of a folder that is this account's alone, and as root of one that the server's account can reach. */
export async function preparePlace(folder: string): Promise<Place> {
  await makePrivate(folder);
  if (await serverAccount()) {
    await makeFolders(ROOTS_DATA);
    await chmod(ROOTS_DATA, 0o755);
    await notedFolder(`${folder}.elsewhere`, async () => {
      const home = join(ROOTS_DATA, randomUUID());
      await mkdir(home);
      await chmod(home, 0o711);
      return home;
    });
  }
  const place = await findPlace(folder);
  if (place.data !== folder && existsSync(place.accessNote) && !existsSync(place.data)) {
    throw new EmbeddedPostgresError(
      `the history of ${folder} lay in ${place.data}, which is gone. Put it back, or delete ` +
        `${place.elsewhereNote} and ${place.accessNote} to begin anew.`,
    );
  }
  return place;
}

/**
 * Moves data of earlier versions, which lay in the project whoever the server ran as, to where it belongs now. Between two
 * file systems that is a copy, and `finishMove` takes the old data away: whenever this is killed, one of them is whole.
 */
export async function moveData(folder: string, to: string): Promise<void> {
  // It may be a link to another disk.
  const from = await realpath(folder);
  try {
    await rename(from, to);
    await rm(folder, { force: true });
  } catch (error) {
    if (!hasCode(error, "EXDEV")) {
      throw error;
    }
    await copyData(from, to);
    await finishMove(folder, to);
  }
}

async function copyData(from: string, to: string): Promise<void> {
  const draft = `${to}.${randomUUID()}`;
  try {
    await cp(from, draft, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
    // The old data is deleted next: the copy has to outlive a power cut.
    await promisify(execFile)("sync");
    await writeFile(copiedNote(to), "", { mode: 0o600 });
    await rename(draft, to);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Deletes what a copy, of this process or of one that was killed, has left behind; nothing where there was none. */
export async function finishMove(folder: string, to: string): Promise<void> {
  // Without the note, data in the folder is no copy's original.
  if (!existsSync(copiedNote(to))) {
    return;
  }
  const from = await realpath(folder).catch(() => folder);
  await rm(from, { recursive: true, force: true });
  await rm(folder, { force: true });
  // Nobody's draft can take the place any more, and it may be of one that was killed.
  for (const name of await readdir(dirname(to))) {
    if (name.startsWith(`${basename(to)}.`) && IS_DRAFT.test(name)) {
      await rm(join(dirname(to), name), { recursive: true, force: true });
    }
  }
  await rm(copiedNote(to), { force: true });
}

const IS_DRAFT = /\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u;

/** Beside the data, not in it: the server's account must not be able to have root delete something. */
function copiedNote(to: string): string {
  return `${to}.copied`;
}

/** Makes all of a folder the server account's: that is another one where somebody has made a better one since. */
export async function giveToServerAccount(data: string): Promise<void> {
  const account = await serverAccount();
  if (account && (await stat(data)).uid !== account.uid) {
    await promisify(execFile)("chown", ["-hR", `${account.uid}:${account.gid}`, data]);
  }
  await chmod(data, 0o700);
}

/**
 * The folder for the server's socket: beside the data, or where that path is too long for a socket, a short one that
 * nobody else can enter. What a tidy machine has removed meanwhile is made again.
 */
export async function socketFolder(place: Place): Promise<string> {
  const account = await serverAccount();
  const beside = `${place.data}.socket`;
  if (isSocketFolder(beside)) {
    await mkdir(beside, { mode: 0o700 }).catch((error: unknown) => {
      if (!hasCode(error, "EEXIST")) {
        throw error;
      }
    });
    if (account) {
      await chown(beside, account.uid, account.gid);
    }
    await assertPrivate(beside, account);
    return beside;
  }
  const noted = await readNote(place.elsewhereNote);
  if (noted !== null && (await isPrivate(noted, account))) {
    return noted;
  }
  await rm(place.elsewhereNote, { force: true });
  return notedFolder(place.elsewhereNote, () => mkdtemp(join(shortFolder(), "runledger-")));
}

/** Whether clients can reach a server that listens there: somebody may have tidied up. */
export function hasSocket(folder: string): boolean {
  return existsSync(folder + SOCKET_NAME);
}

/** psql reads a comma as the end of a host's name. */
function isSocketFolder(folder: string): boolean {
  return Buffer.byteLength(folder + SOCKET_NAME) <= LONGEST_SOCKET_PATH && !folder.includes(",");
}

function shortFolder(): string {
  const folders = [process.env["XDG_RUNTIME_DIR"], tmpdir(), "/tmp"].filter((folder) => folder !== undefined);
  const found = folders.find(
    (folder) => existsSync(folder) && isSocketFolder(join(folder, "runledger-123456")),
  );
  if (found === undefined) {
    throw new EmbeddedPostgresError(
      "no folder for the embedded Postgres's socket has a path short enough: set TMPDIR to a short one",
    );
  }
  return found;
}

/** The folder that a note names; of several processes that make one at once, the first one's counts. */
async function notedFolder(note: string, make: () => Promise<string>): Promise<string> {
  const noted = await readNote(note);
  if (noted !== null) {
    return noted;
  }
  const made = await make();
  const draft = `${note}.${randomUUID()}`;
  await writeFile(draft, `${made}\n`, { mode: 0o600, flag: "wx" });
  try {
    await link(draft, note);
    return made;
  } catch (error) {
    const other = await readNote(note);
    if (!hasCode(error, "EEXIST") || other === null) {
      throw error;
    }
    await rm(made, { recursive: true, force: true });
    return other;
  } finally {
    await rm(draft, { force: true });
  }
}

/** What another account wrote does not count: what it names may be deleted. */
async function readNote(note: string): Promise<string | null> {
  try {
    await using file = await open(note, constants.O_RDONLY | constants.O_NOFOLLOW);
    const own = process.getuid?.();
    const isOwn = own === undefined || (await file.stat()).uid === own;
    return isOwn ? (await file.readFile("utf8")).trimEnd() : null;
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR", "ELOOP")) {
      return null;
    }
    throw error;
  }
}

/** `.runledger` above the folder, or the folder above it where it lies elsewhere, is this account's own. */
async function makePrivate(folder: string): Promise<void> {
  await makeFolders(dirname(folder), 0o700);
  for (let above = dirname(folder); above !== dirname(above); above = dirname(above)) {
    if (basename(above) === ".runledger") {
      const own = process.getuid?.();
      const { uid } = await stat(above);
      if (own !== undefined && uid !== own) {
        throw new EmbeddedPostgresError(
          `${above} belongs to another account (number ${uid}): run as that account, or in another folder`,
        );
      }
      await chmod(above, 0o700);
    }
  }
}

async function assertPrivate(folder: string, account: Account | null): Promise<void> {
  if (!(await isPrivate(folder, account))) {
    throw new EmbeddedPostgresError(
      `${folder} has to be a folder that only the account of the embedded Postgres can enter: delete it and run again`,
    );
  }
}

/** Whether it is a folder, and no link to one, which only its owner, the server's account, can enter. */
async function isPrivate(folder: string, account: Account | null): Promise<boolean> {
  const found = await lstat(folder).catch(() => null);
  const owner = account?.uid ?? process.getuid?.();
  return found !== null && found.isDirectory() && found.uid === owner && (found.mode & 0o077) === 0;
}
