import { exitCode, UsageError, type Context, type ExitCode } from "@runledger/cli";
import { loadConfig } from "@runledger/config";
import { openConfiguredHistory, type History } from "@runledger/history";
import Table from "cli-table3";
import { sql } from "kysely";
import { selectAgreements } from "../select-agreements.ts";
import { readToken } from "../delivery/unsubscribe.ts";

export interface SuppressOptions {
  agreement?: string;
  token?: string;
  remove?: boolean;
}

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
  if (options.agreement !== undefined && !options.remove) {
    selectAgreements(await loadConfig(context.environment.configPath), [options.agreement]);
  }
  const suppression = suppressionOf(context, options, args[0]);
  await using history = await openConfiguredHistory(context.environment.databaseUrl, "runledger-report");
  if (suppression) {
    await (options.remove ? lift(history, suppression) : add(history, suppression));
  }
  await show(context, history);
  return exitCode.done;
}

function suppressionOf(
  { environment }: Context,
  { agreement, token }: SuppressOptions,
  address: string | undefined,
): Suppression | null {
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
    .values(suppression)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

async function lift({ db }: History, { recipient, agreement }: Suppression): Promise<void> {
  await db
    .deleteFrom("suppressions")
    .where(sql<boolean>`lower(recipient) = lower(${recipient})`)
    .where("agreement", "is not distinct from", agreement)
    .execute();
}

async function show({ stdout, isJson }: Context, { db }: History): Promise<void> {
  const rows = await db
    .selectFrom("suppressions")
    .selectAll()
    .orderBy("recipient")
    .orderBy("agreement")
    .execute();
  if (isJson) {
    stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return;
  }
  const table = new Table({
    head: ["Recipient", "Agreement", "Since (UTC)", "Reason"],
    style: { head: [], border: [], compact: true },
  });
  for (const { recipient, agreement, suppressed_at: since, reason } of rows) {
    const day = since.toISOString().slice(0, 16).replace("T", " ");
    table.push([recipient, agreement ?? "(all)", day, reason ?? ""]);
  }
  stdout.write(rows.length === 0 ? "Nobody's mails are stopped.\n" : `${table.toString()}\n`);
}
