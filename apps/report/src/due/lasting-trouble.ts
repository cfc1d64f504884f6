import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "@runledger/cli";
import { makeFolders } from "@runledger/history";
import { closesAt, type Week } from "@runledger/sla";
import { writeWhole } from "../files/output-folder.ts";

/** Syncs come every night, and an outage is mended in a day: what has not lasted for longer is no trouble yet. */
const GRACE_MS = 26 * 3_600_000;

/** After when somebody is told of trouble, by the last moment at which all was well; null where it never was. */
export function toldAfter(wellUntil: Date | null): Date {
  return new Date(wellUntil === null ? 0 : wellUntil.getTime() + GRACE_MS);
}

interface Subject {
  agreement: { id: string; report: { settleMs: number } };
  week: Week;
  out: string;
}

/**
 * The last moment that nothing was wrong with a week's report but for its data: the one at which it came to be due, or
 * that of the last run that found everything in order.
 */
export async function readWellUntil({ agreement, week, out }: Subject, asOf: Date): Promise<Date> {
  const dueAt = closesAt(week, agreement.report.settleMs);
  const noted = new Date(await readFile(fileOf(out, agreement.id), "utf8").catch(() => ""));
  return noted > dueAt && noted <= asOf ? noted : dueAt;
}

/** Notes for an agreement that a run found everything in order. Where that cannot be written, trouble lasts sooner. */
export async function noteWell(
  { log }: Context,
  out: string,
  agreementId: string,
  asOf: Date,
): Promise<void> {
  try {
    await makeFolders(join(out, ".notices"));
    await writeWhole(fileOf(out, agreementId), Buffer.from(asOf.toISOString()));
  } catch (error) {
    log.warn({ agreement: agreementId, error: String(error) }, "it could not be noted that all is well");
  }
}

/** Beside what is noted of notices: a database that does not answer cannot be asked for it. */
function fileOf(out: string, agreementId: string): string {
  return join(out, ".notices", `${agreementId}.well`);
}
