import type { Context } from "@runledger/cli";
import type { Agreement } from "@runledger/config";
import type { History } from "@runledger/history";
import { type WeeklyReport, closesAt } from "@runledger/sla";
import { foreseeReport, type WeekOfAgreement } from "../weeks/report-week.ts";
import { whyNotToSend } from "../delivery/send-report.ts";
import { soFarInWords } from "@runledger/wording";

/** A report as it would go out now; nothing of it is stored. */
export interface Preview {
  agreement: Agreement;
  report: WeeklyReport;
  /** Whether its revision was stored before, by `report weekly`. */
  isStored: boolean;
  /** From when on it may go out: the week is closed. */
  goesOutAt: Date;
  /** Why it would not go out now. */
  heldBack: string | null;
}

/** One row of the ledger of messages. */
export interface DeliveryRow {
  revision: number;
  recipient: string;
  status: string;
  attempts: number;
  sentAt: Date | null;
  lastError: string | null;
}

/** Looks ahead at the report of an agreement's week. */
export async function makePreview(context: Context, of: WeekOfAgreement): Promise<Preview> {
  const { history, agreement, week } = of;
  const report = await foreseeReport(context, of);
  return {
    agreement,
    report,
    isStored: await isStored(history, report),
    goesOutAt: closesAt(week, agreement.report.settleMs),
    heldBack: whyNotToSend(report),
  };
}

/** `revision 2`, `would be revision 3`, `provisional`, `provisional, so far, through Wed 02:15`. */
export function revisionText({ report, isStored: was }: Preview): string {
  const { revision } = report;
  if (revision === 0) return ["provisional", soFarInWords(report)].filter((part) => part !== null).join(", ");
  return was ? `revision ${revision}` : `would be revision ${revision}`;
}

/** What the ledger now holds of the report's week, the latest revision first. */
export async function readDeliveries({ db }: History, { report }: Preview): Promise<DeliveryRow[]> {
  return db
    .selectFrom("deliveries")
    .select(["revision", "recipient", "status", "attempts", "sent_at as sentAt", "last_error as lastError"])
    .where("agreement", "=", report.agreement.id)
    .where("week", "=", report.week.id)
    .orderBy("revision", "desc")
    .orderBy("recipient")
    .execute();
}

async function isStored({ db }: History, { agreement, week, revision }: WeeklyReport): Promise<boolean> {
  const stored = await db
    .selectFrom("reports")
    .select("revision")
    .where("agreement", "=", agreement.id)
    .where("week", "=", week.id)
    .where("revision", "=", revision)
    .executeTakeFirst();
  return stored !== undefined;
}
