import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

export const MIGRATIONS = join(import.meta.dirname, "../..", "migrations");
export const VIEWS = join(import.meta.dirname, "../..", "views");

export interface SqlFile {
  /** Without its ending. */
  name: string;
  text: string;
}

/** In order of their names. */
export async function sqlFilesIn(folder: string): Promise<SqlFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).toSorted();
  return Promise.all(
    names.map(async (name) => ({
      name: name.replace(/\.sql$/u, ""),
      text: await readFile(join(folder, name), "utf8"),
    })),
  );
}
