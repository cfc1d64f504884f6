import { accessSync, constants, globSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The programs that tests need and npm cannot bring, and the packages of Debian and Ubuntu that do. */
export const packageOf = {
  git: "git",
  pgbouncer: "pgbouncer",
  psql: "postgresql-client",
  soffice: "libreoffice-calc-nogui",
} as const satisfies Record<string, string>;

export type Program = keyof typeof packageOf;

/** Where a program is; `null` where it is not installed. */
export function findProgram(program: string, { PATH = "" }: NodeJS.ProcessEnv): string | null {
  const paths = [...PATH.split(delimiter), ...besidePath()].map((folder) => join(folder, program));
  return paths.find(isExecutable) ?? null;
}

/** Where Debian puts servers: an ordinary user's PATH has none of them. */
function besidePath(): string[] {
  return ["/usr/sbin", ...globSync("/usr/lib/postgresql/*/bin").toSorted()];
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
