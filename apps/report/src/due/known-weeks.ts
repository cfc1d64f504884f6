import { readdir } from "node:fs/promises";
import { recipientKey, type AgreementOutline } from "@runledger/config";
import type { History } from "@runledger/history";
import type { KnownWeeks } from "./due-weeks.ts";
import { recipientsOf } from "../delivery/email/email-channel.ts";

/** What the ledger knows of an agreement's weeks. Of one with no recipients, a week that was reported was sent. */
export async function readKnownWeeks(
  history: History,
  agreement: Pick<AgreementOutline, "id" | "report">,
): Promise<KnownWeeks> {
  const recipients = recipientsOf(agreement);
  const { latest, weeks } = await readSentWeeks(history, agreement.id, recipients.length > 0);
  return {
    sent: weeks,
    isLatestComplete: latest === null || (await isSentToAll(history, latest, recipients)),
    refused: await readRefusedWeeks(history, agreement.id, recipients),
    noticed: await readNoticedWeeks(history, agreement.id),
  };
}

/** Whether every recipient's message of a report has met its fate. One that was refused has not: somebody is to see to it. */
export async function isSentToAll(
  { db }: History,
  { agreement, week, revision }: { agreement: string; week: string; revision: number },
  recipients: readonly string[],
): Promise<boolean> {
  const rows = await db
    .selectFrom("deliveries")
    .select("recipient")
    .where("agreement", "=", agreement)
    .where("week", "=", week)
    .where("revision", "=", revision)
    .where("status", "not in", ["claimed", "failed"])
    .execute();
  const settled = new Set(rows.map(({ recipient }) => recipientKey(recipient)));
  return recipients.every((recipient) => settled.has(recipientKey(recipient)));
}

/** What the files below `folder` tell when the database cannot be asked: a report that was made needs no notice. */
export async function readPrintedWeeks(
  folder: string,
  { id }: Pick<AgreementOutline, "id">,
): Promise<KnownWeeks> {
  const names = await readdir(folder).catch(() => []);
  const printed = new RegExp(`^${id}-(\\d{4}-W\\d{2})-r[1-9]\\d*\\.xlsx$`, "u");
  return {
    sent: names.flatMap((name) => printed.exec(name)?.[1] ?? []),
    isLatestComplete: true,
    refused: [],
    noticed: [],
  };
}

async function readSentWeeks({ db }: History, agreement: string, hasRecipients: boolean) {
  const rows = await db
    .selectFrom(hasRecipients ? "deliveries" : "reports")
    .select((eb) => ["week", eb.fn.max("revision").as("revision")])
    .where("agreement", "=", agreement)
    .groupBy("week")
    .orderBy("week")
    .execute();
  const latest = rows.at(-1);
  return {
    weeks: rows.map(({ week }) => week),
    latest: latest === undefined ? null : { agreement, ...latest },
  };
}

/** Weeks of whose latest revision a message to one who still is a recipient was refused. */
async function readRefusedWeeks(
  { db }: History,
  agreement: string,
  recipients: readonly string[],
): Promise<string[]> {
  if (recipients.length === 0) return [];
  const rows = await db
    .selectFrom("deliveries as known")
    .select("week")
    .distinct()
    .where("agreement", "=", agreement)
    .where("status", "=", "failed")
    .where("recipient_key", "in", recipients.map(recipientKey))
    .where((eb) =>
      eb(
        "revision",
        "=",
        eb
          .selectFrom("reports")
          .select((report) => report.fn.max("revision").as("revision"))
          .where("agreement", "=", agreement)
          .whereRef("reports.week", "=", "known.week"),
      ),
    )
    .execute();
  return rows.map(({ week }) => week);
}

async function readNoticedWeeks({ db }: History, agreement: string): Promise<string[]> {
  const rows = await db
    .selectFrom("notices")
    .select("week")
    .distinct()
    .where("agreement", "=", agreement)
    .execute();
  return rows.map(({ week }) => week);
}
