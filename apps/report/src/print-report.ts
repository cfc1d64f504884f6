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

/** Writes the workbook, the mail and the mail's page to `folder`, each named `<agreement>-<week>-r<revision>`. */
export async function printReport(
  report: WeeklyReport,
  { language, report: { to, cc, contact } }: Agreement,
  letterhead: Pick<MailOptions, "from" | "unsubscribeLink">,
  folder: string,
): Promise<PrintedReport> {
  const name = `${report.agreement.id}-${report.week.id}-r${report.revision}`;
  const workbook = await writeWorkbook(report);
  const mail = await composeMail(report, {
    ...letterhead,
    to,
    cc,
    contact,
    language: languages[language],
    workbook,
    workbookName: `${name}.xlsx`,
  });
  const files = {
    workbook: join(folder, `${name}.xlsx`),
    eml: join(folder, `${name}.eml`),
    html: join(folder, `${name}.html`),
  };
  await mkdir(folder, { recursive: true });
  await Promise.all([
    writeFile(files.workbook, workbook),
    // The file is what the first recipient gets; the others' differ by Message-ID and link.
    writeFile(files.eml, mail.messageFor(to[0] ?? letterhead.from).compose()),
    writeFile(files.html, mail.page),
  ]);
  return { files, mail };
}
