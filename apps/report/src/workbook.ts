import ExcelJS from "exceljs";
import { headline } from "./headline.ts";
import type { WeeklyReport } from "./report-model.ts";
import { deadlinesSheet } from "./workbook/deadlines.ts";
import { freshnessSheet } from "./workbook/freshness.ts";
import { incidentsSheet } from "./workbook/incidents.ts";
import { mendPackage } from "./workbook/mend-package.ts";
import { methodSheet } from "./workbook/method.ts";
import { objectivesSheet } from "./workbook/objectives.ts";
import { placeSheet } from "./workbook/place-sheet.ts";
import { runsSheet } from "./workbook/runs.ts";
import type { Sheet } from "./workbook/sheet.ts";
import { summarySheet } from "./workbook/summary.ts";
import { trendSheet } from "./workbook/trend.ts";

/** The sheets in the order of their tabs. */
const sheets: readonly ((report: WeeklyReport) => Sheet)[] = [
  summarySheet,
  objectivesSheet,
  deadlinesSheet,
  incidentsSheet,
  runsSheet,
  freshnessSheet,
  trendSheet,
  methodSheet,
];

/** Prints a report as an XLSX workbook. The same report gives the same bytes. */
export async function writeWorkbook(report: WeeklyReport): Promise<Buffer> {
  // exceljs writes the language, but its types do not know it.
  const workbook: ExcelJS.Workbook & { language?: string } = new ExcelJS.Workbook();
  const { agreement, week, revision } = report;
  workbook.title = `${agreement.title} — ${week.id}, revision ${revision}`;
  workbook.subject = `${agreement.customer}: ${headline(report.objectives)}`;
  workbook.creator = `Runledger ${report.softwareVersion}`;
  workbook.lastModifiedBy = workbook.creator;
  workbook.language = "en";
  workbook.created = report.asOf;
  workbook.modified = report.asOf;

  for (const sheet of sheets) placeSheet(workbook, sheet(report), report);
  return mendPackage(Buffer.from(await workbook.xlsx.writeBuffer()), report.asOf);
}
