import { blockReference } from "./reference.ts";
import type { Worksheet } from "./worksheet.ts";
import { attributes, declaration, namespaces } from "./xml.ts";

/** The part that makes the first rows of a sheet a table. `id` is unique in the workbook. */
export function tableXml({ table, columns, rowCount }: Worksheet, id: number): string {
  const ref = blockReference({
    firstColumn: 1,
    firstRow: 1,
    lastColumn: columns.length,
    lastRow: rowCount + 1,
  });
  const names = columns.map(
    ({ header }, index) => `<tableColumn${attributes({ id: index + 1, name: header })}/>`,
  );
  return [
    declaration,
    `<table xmlns="${namespaces.spreadsheet}"${attributes({ id, name: table, displayName: table, ref })} totalsRowShown="0">`,
    `<autoFilter ref="${ref}"/>`,
    `<tableColumns count="${columns.length}">${names.join("")}</tableColumns>`,
    '<tableStyleInfo name="TableStyleLight1" showFirstColumn="0" showLastColumn="0" showRowStripes="0" showColumnStripes="0"/>',
    "</table>",
  ].join("");
}
