import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { headline } from "@runledger/wording";
import { changesSheet } from "./sheets/changes-sheet.ts";
import { deadlinesSheet } from "./sheets/deadlines-sheet.ts";
import { layoutSheet } from "./sheets/layout-sheet.ts";
import { gatherEvidence, type Evidence } from "./sheets/evidence.ts";
import { exclusionsSheet } from "./sheets/exclusions-sheet.ts";
import { freshnessSheet } from "./sheets/freshness-sheet.ts";
import { incidentsSheet } from "./sheets/incidents-sheet.ts";
import { methodSheet, reportNames } from "./sheets/method-sheet.ts";
import { objectivesSheet } from "./sheets/objectives-sheet.ts";
import type { WeeklyReport } from "@runledger/sla";
import { printedPage } from "./sheets/printed-page.ts";
import { runsSheets } from "./sheets/runs-sheet.ts";
import type { Sheet } from "./sheets/sheet.ts";
import { attainedNames, summarySheet } from "./sheets/summary-sheet.ts";
import { trendSheet } from "./sheets/trend-sheet.ts";
import { writePackage, type DefinedName } from "./xlsx/package.ts";

export interface WorkbookOptions {
  /** Rows of runs on a sheet, its header aside; default 1,048,575, which is all that Excel takes. */
  rowsPerSheet?: number;
}

/**
 * Prints a report as an XLSX workbook. The same report gives the same bytes. The runs are gone through three times:
 * to count them, for the widths, to write them. Only a few of them are held at a time.
 */
export async function writeWorkbook(report: WeeklyReport, options: WorkbookOptions = {}): Promise<Buffer> {
  return buffer(await streamWorkbook(report, options));
}

/** The same, as it is read: of a workbook that is too large to be held. */
export async function streamWorkbook(
  report: WeeklyReport,
  { rowsPerSheet = mostRowsOfExcel - 1 }: WorkbookOptions = {},
): Promise<Readable> {
  const evidence = gatherEvidence(report, rowsPerSheet);
  const sheets = sheetsOf(report, evidence);
  const worksheets = sheets.map((sheet) =>
    layoutSheet(sheet, printedPage(sheet.name, report, sheet.isSinglePage ?? false)),
  );
  const names = [...attainedNames(report), ...reportNames(report), ...evidenceNames(evidence, sheets)];
  return writePackage({ properties: propertiesOf(report), worksheets, names });
}

const mostRowsOfExcel = 1_048_576;

/** In the order of their tabs. */
function sheetsOf(report: WeeklyReport, evidence: Evidence): Sheet[] {
  return [
    summarySheet(report, evidence),
    objectivesSheet(report, evidence),
    deadlinesSheet(report, evidence),
    incidentsSheet(report, evidence),
    ...runsSheets(report, evidence),
    freshnessSheet(report, evidence),
    trendSheet(report),
    exclusionsSheet(report),
    ...(report.revision < 2 ? [] : [changesSheet(report)]),
    methodSheet(report),
  ];
}

/** Names the rows that prove each objective's figures, as wide as their table. */
function evidenceNames({ of }: Evidence, sheets: readonly Sheet[]): DefinedName[] {
  const columnsOf = new Map(sheets.map(({ name, columns }) => [name, columns.length]));
  return Array.from(of.values(), ({ name, rows: { sheet, first, last } }) => ({
    name,
    cells: {
      sheet,
      firstColumn: 1,
      lastColumn: columnsOf.get(sheet) ?? 1,
      firstRow: first,
      lastRow: last,
    },
  }));
}

function propertiesOf({ agreement, week, revision, objectives, softwareVersion, asOf }: WeeklyReport) {
  return {
    title: `${agreement.title} — ${week.id}, revision ${revision}`,
    subject: `${agreement.customer}: ${headline(objectives)}`,
    creator: `Runledger ${softwareVersion}`,
    language: "en",
    date: asOf,
  };
}
