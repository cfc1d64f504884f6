import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Agreement } from "@runledger/config";
import { languages } from "./languages.ts";
import { composeMail, type Mail, type MailOptions } from "./mail.ts";
import type { WeeklyReport } from "./report-model.ts";
import { writeWorkbook } from "./workbook.ts";

export interface ReportFiles {
  workbook: string;
  eml: string;
  html: string;
}

export interface PrintedReport {
  files: ReportFiles;
  mail: Mail;
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
): Promise<PrintedReport> {
  const { workbook, mail, eml } = await composeReport(report, agreement, letterhead);
  const files = reportFiles(report, folder);
  await mkdir(folder, { recursive: true });
  await Promise.all([
    writeFile(files.workbook, workbook),
    writeFile(files.eml, eml),
    writeFile(files.html, mail.page),
  ]);
  return { files, mail };
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
  { language, report: { to, cc, contact } }: Agreement,
  letterhead: Letterhead,
  testId?: string,
): Promise<ComposedReport> {
  const name = nameOf(report);
  const workbook = await writeWorkbook(report);
  const mail = await composeMail(report, {
    ...letterhead,
    to,
    cc,
    contact,
    language: languages[language],
    workbook,
    workbookName: `${name}.xlsx`,
    testId,
  });
  return { name, workbook, mail, eml: mail.messageFor(to[0] ?? letterhead.from).compose() };
}

function nameOf({ agreement, week, revision }: WeeklyReport): string {
  return `${agreement.id}-${week.id}-r${revision}`;
}
