import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { expect, it } from "vitest";

/** A search in text for something that holds a tag or an attribute. */
const searchInXml =
  /\.(?:replace|replaceAll|split|match|matchAll|search|indexOf|exec|test)\(\s*["'`/](?:<|[^\n)]*(?:<\w|=\\?"))|\/[^/\n]*<[^/\n]*\/[gsu]*\.(?:exec|test)\(/u;

it("is the only file that looks for patterns in XML", () => {
  const files = globSync(`${import.meta.dirname}/../src/**/*.ts`);
  const searching = files.filter((file) => searchInXml.test(readFileSync(file, "utf8")));
  expect(searching.map((file) => basename(file)).toSorted()).toEqual(["exceljs-workarounds.ts"]);
});
