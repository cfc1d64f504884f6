import JSZip from "jszip";

/**
 * Mends two things in the zip that exceljs writes: every file in it gets the given date, not the moment of
 * writing, and the parts of a sheet come in the order of the schema. With notes and tables on one sheet exceljs
 * puts the tables first, and Excel calls such a file damaged.
 */
export async function mendPackage(zipped: Buffer, date: Date): Promise<Buffer> {
  const written = await JSZip.loadAsync(zipped);
  const mended = new JSZip();
  for (const [path, file] of Object.entries(written.files)) {
    const content = sheetPath.test(path)
      ? inSchemaOrder(await file.async("string"))
      : await file.async("nodebuffer");
    mended.file(path, content, { date });
  }
  return mended.generateAsync({ type: "nodebuffer", compression: "DEFLATE" });
}

const sheetPath = /^xl\/worksheets\/sheet\d+\.xml$/;

function inSchemaOrder(sheet: string): string {
  return sheet.replace(/(<tableParts .*<\/tableParts>)(<legacyDrawing [^>]*\/>)/, "$2$1");
}
