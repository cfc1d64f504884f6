import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Agreement } from "@runledger/config";
import { languages } from "@runledger/wording";
import { composeMail, largestAttachment, type Mail, type MailOptions } from "@runledger/mail";
import { makeOutputFolder, writeWhole } from "./output-folder.ts";
import type { ReportWithoutRuns, WeeklyReport } from "@runledger/sla";
import { streamWorkbook, writeWorkbook } from "@runledger/workbook";

export interface ReportFiles {
  workbook: string;
  eml: string;
  html: string;
}

/** A report as workbook and mail, and the name their files have: `<agreement>-<week>-r<revision>`. */
export interface ComposedReport {
  name: string;
  workbook: Buffer;
  mail: Mail;
  /** What the first recipient gets; the others' differ by Message-ID and link. */
  eml: Buffer;
}

/** Whose mail it is. */
export type Letterhead = Pick<MailOptions, "from" | "unsubscribeLink">;

/** Writes the workbook, the mail and the mail's page to `folder`. */
export async function printReport(
  report: WeeklyReport,
  agreement: Agreement,
  letterhead: Letterhead,
  folder: string,
): Promise<ReportFiles> {
  const files = reportFiles(report, folder);
  await makeOutputFolder(folder);
  await writeWhole(files.workbook, await streamWorkbook(report));
  const { mail, eml } = await composeFor(agreement, letterhead, report, await readWorkbook(files));
  await Promise.all([writeWhole(files.eml, eml), writeWhole(files.html, Buffer.from(mail.page))]);
  return files;
}

/** The mail of a report whose files were printed: a report without its runs and their workbook are enough for it. */
export async function readPrintedMail(
  report: ReportWithoutRuns,
  agreement: Agreement,
  letterhead: Letterhead,
  files: ReportFiles,
): Promise<Mail> {
  return (await composeFor(agreement, letterhead, report, await readWorkbook(files))).mail;
}

async function readWorkbook({ workbook }: ReportFiles): Promise<MailOptions["workbook"]> {
  const { size } = await stat(workbook);
  return size > largestAttachment ? { length: size } : readFile(workbook);
}

/** Where `printReport` writes a report. */
export function reportFiles(report: WeeklyReport, folder: string): ReportFiles {
  const name = nameOf(report);
  return {
    workbook: join(folder, `${name}.xlsx`),
    eml: join(folder, `${name}.eml`),
    html: join(folder, `${name}.html`),
  };
}

/** Prints a report without writing it anywhere. With a `testId`, the mail is a test: see `MailOptions`. */
export async function composeReport(
  report: WeeklyReport,
  agreement: Agreement,
  letterhead: Letterhead,
  testId?: string,
): Promise<ComposedReport> {
  const workbook = await writeWorkbook(report);
  const composed = await composeFor(agreement, letterhead, report, workbook, testId);
  return { name: nameOf(report), workbook, ...composed };
}

async function composeFor(
  { language, report: { to, cc, contact } }: Agreement,
  letterhead: Letterhead,
  report: ReportWithoutRuns,
  workbook: MailOptions["workbook"],
  testId?: string,
): Promise<Pick<ComposedReport, "mail" | "eml">> {
  const mail = await composeMail(report, {
    ...letterhead,
    to,
    cc,
    contact,
    language: languages[language],
    workbook,
    workbookName: `${nameOf(report)}.xlsx`,
    testId,
  });
  return { mail, eml: mail.messageFor(to[0] ?? letterhead.from).compose() };
}

function nameOf({ agreement, week, revision }: ReportWithoutRuns): string {
  return `${agreement.id}-${week.id}-r${revision}`;
}
