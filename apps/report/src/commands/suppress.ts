import {
  drawTable,
  exitCode,
  printResult,
  UsageError,
  widthOf,
  type Context,
  type ExitCode,
  type Line,
} from "@runledger/cli";
import { asciiAddress, isEmailAddress, recipientKey, loadConfig } from "@runledger/config";
import { openWritableHistory, type History } from "@runledger/history";
import { z } from "zod";
import type { SuppressionDocument } from "../json/report-documents.ts";
import { selectAgreements } from "../weeks/select-agreements.ts";
import { readToken } from "../delivery/email/unsubscribe.ts";

export const suppressOptions = z.object({
  agreement: z.string().optional(),
  token: z.string().optional(),
  remove: z.boolean().optional(),
});
type SuppressOptions = z.output<typeof suppressOptions>;

/** Whose mails are stopped; without an agreement, those of all. */
interface Suppression {
  recipient: string;
  agreement: string | null;
  reason: string | null;
}

/** Stops an address's mails, or lets them through again, and shows whose are stopped. */
export async function suppress(
  context: Context,
  options: SuppressOptions,
  args: string[],
): Promise<ExitCode> {
  const suppression = suppressionOf(context, options, args[0]);
  if (options.agreement !== undefined && !options.remove) {
    selectAgreements(await loadConfig(context.environment.configPath), [options.agreement]);
  }
  await using history = await openWritableHistory(context.environment.databaseUrl, "runledger-report");
  if (suppression) {
    await (options.remove ? lift(history, suppression) : add(history, suppression));
  }
  await show(context, history);
  return exitCode.done;
}

function suppressionOf(
  { environment }: Context,
  { agreement, token, remove }: SuppressOptions,
  address: string | undefined,
): Suppression | null {
  // Whatever stands in the table can be removed from it.
  if (address !== undefined && !remove && !isEmailAddress(address)) {
    throw new UsageError(`${address} is not an e-mail address; write it as name@example.com`);
  }
  if (token === undefined) {
    return address === undefined
      ? null
      : { recipient: address, agreement: agreement ?? null, reason: "by hand" };
  }
  if (environment.unsubscribeSecret === null) {
    throw new UsageError("--token needs UNSUBSCRIBE_SECRET, the one the links were signed with");
  }
  const unsubscription = readToken(token, environment.unsubscribeSecret);
  if (unsubscription === null) {
    throw new UsageError("the token was not made with this UNSUBSCRIBE_SECRET");
  }
  return { ...unsubscription, reason: "one-click" };
}

async function add({ db }: History, suppression: Suppression): Promise<void> {
  await db
    .insertInto("suppressions")
    .values({ ...suppression, recipient: asciiAddress(suppression.recipient) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function lift({ db }: History, { recipient, agreement }: Suppression): Promise<void> {
  const rows = await db.selectFrom("suppressions").select("recipient").distinct().execute();
  const key = recipientKey(recipient);
  const spellings = rows.map((row) => row.recipient).filter((spelling) => recipientKey(spelling) === key);
  if (spellings.length === 0) return;
  await db
    .deleteFrom("suppressions")
    .where("recipient", "in", spellings)
    .where("agreement", "is not distinct from", agreement)
    .execute();
}

async function show(context: Context, { db }: History): Promise<void> {
  const rows = await db
    .selectFrom("suppressions")
    .select(["recipient", "agreement", "suppressed_at as suppressedAt", "reason"])
    .orderBy("recipient")
    .orderBy("agreement")
    .execute();
  printResult<SuppressionDocument[]>(context, {
    document: () => rows,
    lines: () => (rows.length === 0 ? ["Nobody's mails are stopped."] : draw(rows, widthOf(context))),
  });
}

function draw(rows: readonly SuppressionDocument[], width: number): Line[] {
  const titles = ["Recipient", "Agreement", "Since (UTC)", "Reason"];
  const cells = rows.map(({ recipient, agreement, suppressedAt, reason }) => [
    recipient,
    agreement ?? "(all)",
    suppressedAt.toISOString().slice(0, 16).replace("T", " "),
    reason ?? "",
  ]);
  return drawTable(
    titles.map((title) => ({ title })),
    cells,
    width,
  );
}
