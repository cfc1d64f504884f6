import type ExcelJS from "exceljs";
import { shortened, weekDates } from "../format.ts";
import { headline } from "../headline.ts";
import type { WeeklyReport } from "../report-model.ts";
import { cellText } from "./cell-text.ts";

const a4 = 9;

/** How a sheet prints: landscape, as wide as the page, its header on every page, what it is at the edges. */
export function printedPage(
  sheetName: string,
  { agreement, week, revision, objectives }: WeeklyReport,
): Partial<ExcelJS.AddWorksheetOptions> {
  const title = edgeText(`${agreement.title} · ${agreement.customer}`);
  const period = edgeText(`${week.id} · ${weekDates(week)} · revision ${revision}`);
  return {
    headerFooter: {
      oddHeader: `&L&B${title}&B&C${headline(objectives)}&R${period}`,
      oddFooter: `&L${sheetName} · times in ${edgeText(agreement.timezone)}&RPage &P of &N`,
    },
    pageSetup: {
      // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- exceljs declares the enum but does not ship it
      paperSize: a4,
      orientation: "landscape",
      fitToPage: true,
      fitToWidth: 1,
      fitToHeight: 0,
      printTitlesRow: "1:1",
      margins: { left: 0.4, right: 0.4, top: 0.75, bottom: 0.6, header: 0.3, footer: 0.3 },
    },
  };
}

/** `&` starts a code at the edges of a page; the three parts of an edge together hold 255 characters. */
function edgeText(value: string): string {
  return shortened(cellText(value), 60).replaceAll("&", "&&");
}
