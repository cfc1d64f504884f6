import { mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { hasCode } from "../connection/errors.ts";

/**
 * Makes a folder and those above it. Not Node's own `recursive`: where a folder says that it is not there although it is,
 * as /proc does, that never ends.
 */
export async function makeFolders(path: string, mode = 0o777): Promise<void> {
  const folder = resolve(path);
  try {
    await mkdir(folder, mode);
  } catch (error) {
    if (hasCode(error, "EEXIST") && (await stat(folder)).isDirectory()) {
      return;
    }
    if (!hasCode(error, "ENOENT") || dirname(folder) === folder) {
      throw error;
    }
    await makeFolders(dirname(folder), mode);
    // Another process may have been quicker.
    await mkdir(folder, mode).catch((cause: unknown) => {
      if (!hasCode(cause, "EEXIST")) throw cause;
    });
  }
}
