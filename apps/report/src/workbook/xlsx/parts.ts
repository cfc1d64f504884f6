import JSZip from "jszip";

/** The files of a package (ECMA-376) by their paths; all of them are text. */
export type Parts = Map<string, string>;

export async function unzip(file: ArrayBuffer): Promise<Parts> {
  const { files } = await JSZip.loadAsync(file);
  const parts: Parts = new Map();
  for (const part of Object.values(files)) {
    if (!part.dir) parts.set(part.name, await part.async("string"));
  }
  return parts;
}

/** The same parts give the same bytes: they are all dated as early as a zip can. */
export async function zip(parts: Parts): Promise<Buffer> {
  const file = new JSZip();
  const options = { date: new Date("1980-01-01T00:00:00Z"), createFolders: false };
  for (const [path, content] of parts) file.file(path, content, options);
  return file.generateAsync({ type: "nodebuffer", compression: "DEFLATE" });
}

/** Where the relations of a part stand. */
export function relationsPath(path: string): string {
  return path.replace(/([^/]+)$/, "_rels/$1.rels");
}

/** Changes a part that is there. */
export function change(parts: Parts, path: string, changed: (xml: string) => string): void {
  const xml = parts.get(path);
  if (xml === undefined) throw new Error(`The workbook has no part ${path}`);
  parts.set(path, changed(xml));
}

/** Puts XML before the first place that reads so. */
export function insertBefore(parts: Parts, path: string, place: string, addition: string): void {
  change(parts, path, (xml) => xml.replace(place, () => addition + place));
}
