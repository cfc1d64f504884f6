import { shortened } from "@runledger/wording";
import { permitted } from "../xlsx/xml.ts";

/** The most characters Excel takes in one cell. */
const longest = 32_767;

/**
 * Text as a workbook can hold it: without what XML 1.0 forbids (control characters, lone surrogates, U+FFFE
 * and U+FFFF), and never longer than a cell. `_x0041_` is escaped, because Excel would read it as "A".
 */
export function cellText(source: string): string {
  const safe = permitted(source.replaceAll(/\r\n?/g, "\n")).replaceAll(/_(?=x[0-9A-Fa-f]{4}_)/g, "_x005F_");
  return shortened(safe, longest);
}
