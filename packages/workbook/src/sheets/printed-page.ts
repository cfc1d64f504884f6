import { headline, shortened, weekDates } from "@runledger/wording";
import type { WeeklyReport } from "@runledger/sla";
import { cellText } from "./cell-text.ts";
import type { Page } from "../xlsx/page-setup.ts";

type Told = Pick<WeeklyReport, "agreement" | "week" | "revision" | "objectives">;

/** What stands at the edges of a sheet's printed pages. */
export function printedPage(
  sheetName: string,
  { agreement, week, revision, objectives }: Told,
  isSinglePage: boolean,
): Page {
  const title = edgeText(`${agreement.title} · ${agreement.customer}`);
  const period = edgeText(`${week.id} · ${weekDates(week)} · revision ${revision}`);
  return {
    header: `&L&B${title}&B&C${headline(objectives)}&R${period}`,
    footer: `&L${sheetName} · times in ${edgeText(agreement.timezone)}&RPage &P of &N`,
    isSinglePage,
  };
}

/** `&` starts a code at the edges of a page; the three parts of an edge together hold 255 characters. */
function edgeText(value: string): string {
  return shortened(cellText(value), 60).replaceAll("&", "&&");
}
