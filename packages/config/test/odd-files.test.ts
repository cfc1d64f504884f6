import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ConfigError, loadConfig } from "../src/index.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "runledger-config-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("a file that is no configuration at all", () => {
  const written = async (content: string | Uint8Array): Promise<string> => {
    const path = join(folder, "runledger.yaml");
    await writeFile(path, content);
    const error: unknown = await loadConfig(path).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigError);
    return error instanceof ConfigError ? error.message.replaceAll(path, "FILE") : "";
  };

  it.each([
    ["bytes", Uint8Array.from({ length: 500 }, (_, index) => (index * 37) % 256)],
    ["text with zeroes", "version: 1\n\0\0"],
    ["a sqlite file", "SQLite format 3\0"],
  ])("is said not to be text: %s", async (_, content) => {
    expect(await written(content)).toBe("FILE: it is not a text file in UTF-8");
  });

  it.each([
    ["lists", `a: ${"[".repeat(20_000)}`],
    ["closed lists", `a: ${"[".repeat(5000)}${"]".repeat(5000)}`],
    ["mappings", "{a: ".repeat(5000)],
    ["blocks", Array.from({ length: 3000 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n")],
  ])("is said to be nested too deeply, once: %s", async (_, content) => {
    expect(await written(content)).toMatch(
      /^FILE:\d+:\d+: this is nested too deeply: no part of a configuration has more than ten levels$/u,
    );
  });

  it.each([
    ["a list in itself", "version: 1\nhistory_start: 2026-01-01\npipelines: &a [*a]"],
    ["a mapping in itself", "&a\nversion: 1\npipelines: *a\nagreements: [*a]"],
    ["a merge of nothing", "<<: *x\n"],
    ["two documents", "version: 1\n---\nversion: 1\n"],
    ["a key that is a mapping", "? {a: 1}\n: 2\n"],
  ])("is refused with positions: %s", async (_, content) => {
    expect(await written(content)).toMatch(/^FILE:\d+:\d+: /u);
  });
});
