import { declaration, escaped } from "./xml.ts";

/** What a file manager shows of a workbook. */
export interface Properties {
  title: string;
  subject: string;
  creator: string;
  /** BCP 47 */
  language: string;
  /** Both when it was made and when it was last changed. */
  date: Date;
}

/** The part `docProps/core.xml`. */
export function coreXml({ title, subject, creator, language, date }: Properties): string {
  const moment = `${date.toISOString().slice(0, 19)}Z`;
  return [
    declaration,
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">',
    `<dc:title>${escaped(title)}</dc:title><dc:subject>${escaped(subject)}</dc:subject>`,
    `<dc:creator>${escaped(creator)}</dc:creator><cp:lastModifiedBy>${escaped(creator)}</cp:lastModifiedBy>`,
    `<dcterms:created xsi:type="dcterms:W3CDTF">${moment}</dcterms:created>`,
    `<dcterms:modified xsi:type="dcterms:W3CDTF">${moment}</dcterms:modified>`,
    `<dc:language>${escaped(language)}</dc:language></cp:coreProperties>`,
  ].join("");
}

/** The part `docProps/app.xml`. */
export function appXml(): string {
  return (
    `${declaration}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">` +
    "<Application>Runledger</Application></Properties>"
  );
}
