import { Readable } from "node:stream";
import { ZipFile } from "yazl";
import type { Part } from "./package.ts";

/**
 * Zips the parts of a package, each written only when those before it are. The same parts give the same bytes: the
 * zip's dates are all the earliest it can hold, which, being told in local time, is the same in every zone.
 */
export async function zip(parts: readonly Part[]): Promise<Buffer> {
  const file = new ZipFile();
  const { promise: failed, reject } = Promise.withResolvers<never>();
  file.once("error", reject);
  for (const { path, content } of parts) {
    file.addReadStreamLazy(path, { mtime: new Date(1980, 0, 1), forceDosTimestamp: true }, (give) =>
      give(null, Readable.from(content(), { objectMode: false }).once("error", reject)),
    );
  }
  file.end();
  return Promise.race([collected(file.outputStream), failed]);
}

async function collected(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks);
}
