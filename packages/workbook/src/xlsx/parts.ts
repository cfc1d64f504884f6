import { PassThrough, Readable } from "node:stream";
import JSZip from "jszip";
import { ZipFile } from "yazl";

/** The files of a package (ECMA-376) by their paths; all of them are text. */
export type Parts = Map<string, string>;

/** Parts that are too long to be held at once, by their paths: made piece by piece as they are written. */
export type StreamedParts = Map<string, Iterable<string>>;

export async function unzip(file: ArrayBuffer): Promise<Parts> {
  const { files } = await JSZip.loadAsync(file);
  const parts: Parts = new Map();
  for (const part of Object.values(files)) {
    if (!part.dir) parts.set(part.name, await part.async("string"));
  }
  return parts;
}

/**
 * Zips all parts; `streamed` ones take the place of those that they are named like. The same parts give the same bytes:
 * they are all dated as early as a zip can, which, being told in local time, is the same in every zone.
 */
export function zip(parts: Parts, streamed: StreamedParts): Readable {
  // JSZip, which could do this too, loses an error that a stream has while it waits.
  const file = new ZipFile();
  const output = new PassThrough();
  for (const [path, xml] of parts) {
    const pieces = streamed.get(path) ?? [xml];
    file.addReadStreamLazy(path, { mtime: new Date(1980, 0, 1), forceDosTimestamp: true }, (give) =>
      give(
        null,
        Readable.from(pieces, { objectMode: false }).once("error", (error) => output.destroy(error)),
      ),
    );
  }
  file.end();
  file.outputStream.pipe(output);
  return output;
}

/** Where the relations of a part stand. */
export function relationsPath(path: string): string {
  const name = path.lastIndexOf("/") + 1;
  return `${path.slice(0, name)}_rels/${path.slice(name)}.rels`;
}
