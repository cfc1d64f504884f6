import { shortened } from "../format.ts";

/** The most characters Excel takes in one cell. */
const longest = 32_767;

/**
 * Text as a workbook can hold it: without what XML 1.0 forbids (control characters, lone surrogates, U+FFFE
 * and U+FFFF), and never longer than a cell. `_x0041_` is escaped, because Excel would read it as "A".
 */
export function cellText(source: string): string {
  const permitted = source
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(forbidden, "")
    .replaceAll(/_(?=x[0-9A-Fa-f]{4}_)/g, "_x005F_");
  return shortened(permitted, longest);
}

// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const forbidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\uFFFE\uFFFF]|\p{Surrogate}/gu;
