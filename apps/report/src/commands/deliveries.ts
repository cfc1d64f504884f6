import {
  drawTable,
  exitCode,
  printResult,
  widthOf,
  type Context,
  type ExitCode,
  type Line,
  type Span,
  type Style,
} from "@runledger/cli";
import { openConfiguredHistory } from "@runledger/history";
import { z } from "zod";
import { weekOption } from "../weeks/asked-week.ts";
import { readDeliveryDocuments } from "../json/delivery-documents.ts";
import type { DeliveryDocument } from "../json/report-documents.ts";

export const deliveriesOptions = z.object({ week: weekOption.optional() });

/** Shows the ledger of messages, the latest week first. */
export async function deliveries(
  context: Context,
  { week }: z.output<typeof deliveriesOptions>,
): Promise<ExitCode> {
  await using history = await openConfiguredHistory(context.environment.databaseUrl, "runledger-report");
  const rows = await readDeliveryDocuments(history, week === undefined ? {} : { week });
  printResult<DeliveryDocument[]>(context, {
    document: () => rows,
    lines: () =>
      rows.length === 0
        ? [`No message has been sent${week === undefined ? " yet" : ` for ${week}`}.`]
        : draw(rows, widthOf(context)),
  });
  return exitCode.done;
}

const STYLES: Record<DeliveryDocument["status"], Style> = {
  claimed: "cyan",
  sent: "green",
  failed: "red",
  unknown: "yellow",
  suppressed: "dim",
};

function draw(rows: readonly DeliveryDocument[], width: number): Line[] {
  const columns = [
    { title: "Week" },
    { title: "Agreement" },
    { title: "Revision", align: "right" },
    { title: "Recipient" },
    { title: "Status" },
    { title: "Attempts", align: "right" },
    { title: "Sent (UTC)" },
    { title: "Last error" },
  ] as const;
  const cells = rows.map((row): Span[] => [
    row.week,
    row.agreement,
    String(row.revision),
    row.recipient,
    { text: row.status, style: STYLES[row.status] },
    String(row.attempts),
    row.sentAt?.toISOString().slice(0, 16).replace("T", " ") ?? "",
    row.lastError ?? "",
  ]);
  return drawTable(columns, cells, width);
}
