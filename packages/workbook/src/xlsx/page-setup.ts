import type { HeaderFooter, PageSetup } from "exceljs";
import { a4 } from "./exceljs-workarounds.ts";

/** How a sheet prints: A4 landscape, as wide as the page, its header row on every page. */
export interface Page {
  /** Text at the edges in Excel's own code: `&L` and `&R` begin its parts, `&P` is the page. */
  header: string;
  footer: string;
  /** Whether it is shrunk to a single page. */
  isSinglePage: boolean;
}

export function toPrintSetup({ header, footer, isSinglePage }: Page): {
  pageSetup: Partial<PageSetup>;
  headerFooter: Partial<HeaderFooter>;
} {
  return {
    pageSetup: {
      paperSize: a4,
      orientation: "landscape",
      fitToPage: true,
      fitToWidth: 1,
      fitToHeight: isSinglePage ? 1 : 0,
      margins,
      printTitlesRow: "1:1",
    },
    headerFooter: { oddHeader: header, oddFooter: footer },
  };
}

/** In inches. */
const margins = { left: 0.4, right: 0.4, top: 0.75, bottom: 0.6, header: 0.3, footer: 0.3 };
