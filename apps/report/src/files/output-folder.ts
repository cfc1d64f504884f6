import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { lstat, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { systemErrorCode, systemErrorText, UsageError } from "@runledger/cli";
import { makeFolders } from "@runledger/history";

/**
 * Makes sure that the folder is there.
 *
 * @throws UsageError when it cannot be made, is a file, or is a link of somebody else.
 */
export async function makeOutputFolder(folder: string): Promise<void> {
  await orUsageError(folder, async () => {
    await makeFolders(folder);
    const found = await lstat(folder);
    const { uid } = found;
    // In a folder that all may write to, such as /tmp, somebody may have put it there to lead us elsewhere.
    if (found.isSymbolicLink() && uid !== 0 && uid !== process.getuid?.()) {
      throw new UsageError(`--out ${folder} is a link that another account has made; name the folder itself`);
    }
  });
}

/**
 * Writes a file, whole or not at all, also when two processes write it at once. It is a new file, with the
 * mode that umask leaves, and takes the place of whatever has its name: a link there is replaced, not followed.
 *
 * @throws UsageError when it cannot be written.
 */
export async function writeWhole(path: string, content: Readable | Uint8Array): Promise<void> {
  await orUsageError(dirname(path), async () => {
    const unfinished = `${path}.${randomUUID()}.part`;
    try {
      const source = content instanceof Readable ? content : Readable.from([content]);
      await pipeline(source, createWriteStream(unfinished, { flags: "wx" }));
      await rename(unfinished, path);
    } catch (error) {
      await rm(unfinished, { force: true }).catch(() => {});
      throw error;
    }
  });
}

async function orUsageError(folder: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (cause) {
    if (systemErrorCode(cause) === null) {
      throw cause;
    }
    throw new UsageError(`cannot write to --out ${folder}: ${systemErrorText(cause)}`, { cause });
  }
}
