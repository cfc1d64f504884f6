import { columnName } from "./reference.ts";
import type { SheetColumn } from "./worksheet.ts";
import { declaration, escaped, namespaces } from "./xml.ts";

/** The part with the notes on a sheet's header. */
export function commentsXml(columns: readonly SheetColumn[]): string {
  const comments = columns.flatMap(({ note }, index) =>
    note === null
      ? []
      : [
          `<comment ref="${columnName(index + 1)}1" authorId="0"><text><r><rPr><sz val="9"/><rFont val="Calibri"/></rPr>` +
            `<t>${escaped(note)}</t></r></text></comment>`,
        ],
  );
  return (
    `${declaration}<comments xmlns="${namespaces.spreadsheet}"><authors><author>Runledger</author></authors>` +
    `<commentList>${comments.join("")}</commentList></comments>`
  );
}

/** The part that draws the notes: Excel shows none without it. It knows them only in VML, the drawing format of 2000. */
export function notesVml(columns: readonly SheetColumn[], sheet: number): string {
  const shapes = columns.flatMap(({ note }, index) => (note === null ? [] : [shape(note, index, sheet)]));
  return [
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">',
    `<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="${sheet}"/></o:shapelayout>`,
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">',
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>',
    ...shapes,
    "</xml>",
  ].join("");
}

/** Shapes are numbered in blocks of 1,024 per sheet. */
const shapesPerSheet = 1024;
/** Characters in a line of a note, and the heights of its lines and rows in pixels. */
const lineLength = 24;
const lineHeight = 16;

function shape(note: string, column: number, sheet: number): string {
  const height = (Math.ceil(note.length / lineLength) + 1) * lineHeight;
  const anchor = [column + 1, 15, 0, 4, column + 3, 15, 1, height].join(", ");
  return [
    `<v:shape id="_x0000_s${sheet * shapesPerSheet + column + 1}" type="#_x0000_t202" `,
    'style="position:absolute;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">',
    '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>',
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>',
    `<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>${anchor}</x:Anchor>`,
    `<x:AutoFill>False</x:AutoFill><x:Row>0</x:Row><x:Column>${column}</x:Column></x:ClientData></v:shape>`,
  ].join("");
}
