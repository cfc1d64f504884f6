export { streamWorkbook, writeWorkbook } from "./workbook.ts";
