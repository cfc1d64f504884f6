import { escaped } from "./xml.ts";

/** How a sheet prints: A4 landscape, as wide as the page, its header row on every page. */
export interface Page {
  /** Text at the edges in Excel's own code: `&L` and `&R` begin its parts, `&P` is the page. */
  header: string;
  footer: string;
  /** Whether it is shrunk to a single page. */
  isSinglePage: boolean;
}

/** In inches. */
const margins = '<pageMargins left="0.4" right="0.4" top="0.75" bottom="0.6" header="0.3" footer="0.3"/>';
const a4 = 9;

/** The elements of a sheet that say how it prints. */
export function pageXml({ header, footer, isSinglePage }: Page): string {
  return (
    `${margins}<pageSetup paperSize="${a4}" orientation="landscape" fitToWidth="1" fitToHeight="${isSinglePage ? 1 : 0}"/>` +
    `<headerFooter><oddHeader>${escaped(header)}</oddHeader><oddFooter>${escaped(footer)}</oddFooter></headerFooter>`
  );
}
