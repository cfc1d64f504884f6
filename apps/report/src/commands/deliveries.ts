import { exitCode, type Context, type ExitCode } from "@runledger/cli";
import { openConfiguredHistory } from "@runledger/history";
import Table from "cli-table3";

export interface DeliveriesOptions {
  week?: string;
}

/** Shows the ledger of messages, the latest week first. */
export async function deliveries(context: Context, { week }: DeliveriesOptions): Promise<ExitCode> {
  const { environment, stdout, isJson } = context;
  await using history = await openConfiguredHistory(environment.databaseUrl, "runledger-report");
  const rows = await history.db
    .selectFrom("deliveries")
    .selectAll()
    .$if(week !== undefined, (query) => query.where("week", "=", week ?? ""))
    .orderBy("week", "desc")
    .orderBy("agreement")
    .orderBy("revision")
    .orderBy("recipient")
    .execute();
  if (isJson) {
    stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return exitCode.done;
  }
  const table = new Table({
    head: ["Week", "Agreement", "Revision", "Recipient", "Status", "Attempts", "Sent (UTC)", "Last error"],
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) {
    const sentAt = row.sent_at?.toISOString().slice(0, 16).replace("T", " ") ?? "";
    const key = [row.week, row.agreement, row.revision, row.recipient];
    table.push([...key, row.status, row.attempts, sentAt, row.last_error ?? ""]);
  }
  stdout.write(rows.length === 0 ? "No message has been sent yet.\n" : `${table.toString()}\n`);
  return exitCode.done;
}
