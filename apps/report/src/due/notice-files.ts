import { createHash, randomUUID } from "node:crypto";
import { access, link, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { recipientKey } from "@runledger/config";
import {
  hasCode,
  hasEnded,
  makeFolders,
  parseStoredText,
  processMark,
  thisProcess,
} from "@runledger/history";
import { BEING_SENT, ClaimLostError, type MessageRecord } from "../delivery/deliver.ts";
import type { NoticeKey } from "../delivery/delivery-ledger.ts";

/** However long a server lets a sender wait, sending a notice takes less. */
const LONGEST_MS = 3_600_000;

/**
 * A notice's record in files below `folder`, for when the database cannot be asked: it is sent once from this machine. The
 * n-th process that claims it makes the file `….n`, which says who that is, and then `….n.left` before the notice can have
 * left. Only who makes the first file after that of a process that died before that has the claim.
 */
export function noticeFile(out: string, key: NoticeKey): MessageRecord {
  const folder = join(out, ".notices");
  const name = fileNameOf(key);
  const pathOf = (turn: number): string => join(folder, `${name}.${turn}`);
  const left = (turn: number): string => `${pathOf(turn)}.left`;
  let ours = 0;
  return {
    async claim() {
      await makeFolders(folder);
      const latest = await latestTurn(folder, name);
      if (latest === ALREADY_TOLD || (latest > 0 && (await exists(left(latest))))) {
        return { status: "skipped", because: "it has been sent before" };
      }
      if (latest > 0 && !(await isAbandoned(pathOf(latest)))) {
        return BEING_SENT;
      }
      ours = latest + 1;
      return (await madeFile(folder, pathOf(ours))) ? "claimed" : BEING_SENT;
    },
    async noteHandover() {
      if ((await latestTurn(folder, name)) !== ours) {
        throw new ClaimLostError(`the notice for ${key.recipient} has been claimed by another process`);
      }
      await writeFile(left(ours), "");
    },
    async noteTry() {},
    async noteSetback() {
      await rm(left(ours), { force: true });
    },
    async settle({ status }) {
      if (status === "failed" || status === "put_off") {
        await rm(left(ours), { force: true });
        await rm(pathOf(ours), { force: true });
      }
    },
  };
}

/** A file without a number is of a version that knew no turns. */
const ALREADY_TOLD = -1;

async function latestTurn(folder: string, name: string): Promise<number> {
  const names = await readdir(folder);
  const turns = names.map((found) => {
    const rest = found.startsWith(name) ? found.slice(name.length) : "-";
    return rest === "" ? Infinity : Number(/^\.(\d+)$/u.exec(rest)?.[1] ?? 0);
  });
  const latest = Math.max(0, ...turns);
  return latest === Infinity ? ALREADY_TOLD : latest;
}

async function isAbandoned(path: string): Promise<boolean> {
  try {
    const mark = parseStoredText(processMark, await readFile(path, "utf8"), {
      name: path,
      remedy: "remove the file, and the notice may be sent a second time",
    });
    return hasEnded(mark) || Date.now() - (await stat(path)).mtimeMs > LONGEST_MS;
  } catch (error) {
    // Its process has just settled it.
    if (hasCode(error, "ENOENT")) {
      return false;
    }
    throw error;
  }
}

/** Makes a file, whole, that says who this process is; false when there is one. */
async function madeFile(folder: string, path: string): Promise<boolean> {
  const draft = join(folder, `.${randomUUID()}`);
  await writeFile(draft, JSON.stringify(thisProcess()), { mode: 0o600 });
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) {
      return false;
    }
    throw error;
  } finally {
    await rm(draft);
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** An address may hold what a file's name may not. */
function fileNameOf({ agreement, week, trouble, recipient }: NoticeKey): string {
  return [
    agreement,
    week,
    trouble,
    createHash("sha256").update(recipientKey(recipient)).digest("hex").slice(0, 16),
  ].join("-");
}
