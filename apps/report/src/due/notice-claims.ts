import { createHash } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { History } from "@runledger/history";
import { sql } from "kysely";
import type { SendResult } from "../delivery/mailer.ts";
import type { Trouble } from "./trouble.ts";

/** One notice to one recipient. */
export interface NoticeKey {
  agreement: string;
  week: string;
  trouble: Trouble["kind"];
  recipient: string;
}

/** Where it is kept that a notice was sent. */
export interface NoticeClaims {
  /** Whether the notice is the caller's to send: nobody is at it, and it was not sent before. */
  claim: (key: NoticeKey) => Promise<boolean>;
  /** What came of it. One that surely did not arrive may be claimed again. */
  settle: (key: NoticeKey, result: Pick<SendResult, "status" | "error">, now: Date) => Promise<void>;
}

/** Claims in the history: once from however many machines. */
export function claimsInHistory({ db }: History): NoticeClaims {
  return {
    async claim(key) {
      const claimed = await db
        .insertInto("notices")
        .values({ ...key, status: "claimed" })
        .onConflict((conflict) =>
          conflict
            .constraint("notices_pkey")
            .doUpdateSet({ status: "claimed", claimed_at: sql`now()` })
            .where("notices.status", "=", "failed"),
        )
        .returning("recipient")
        .executeTakeFirst();
      return claimed !== undefined;
    },
    async settle(key, { status, error }, now) {
      await db
        .updateTable("notices")
        .set({ status, last_error: error, sent_at: status === "sent" ? now : null })
        .where((eb) => eb.and({ ...key }))
        .execute();
    },
  };
}

/** Claims as empty files below `folder`, for when the database cannot be asked: once from this machine. */
export function claimsInFolder(folder: string): NoticeClaims {
  const notices = join(folder, ".notices");
  return {
    async claim(key) {
      await mkdir(notices, { recursive: true });
      return createdFile(join(notices, fileNameOf(key)));
    },
    async settle(key, { status }) {
      if (status === "failed") {
        await rm(join(notices, fileNameOf(key)));
      }
    },
  };
}

/** Whether the file was made now; false when it was there. */
async function createdFile(path: string): Promise<boolean> {
  try {
    await writeFile(path, "", { flag: "wx" });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") {
      return false;
    }
    throw error;
  }
}

/** An address may hold what a file's name may not. */
function fileNameOf({ agreement, week, trouble, recipient }: NoticeKey): string {
  return [agreement, week, trouble, createHash("sha256").update(recipient).digest("hex").slice(0, 16)].join(
    "-",
  );
}
