import {
  chmod,
  lchown,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { UsageError } from "@runledger/cli";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeOutputFolder, writeWhole } from "../src/files/output-folder.ts";

const isRoot = process.getuid?.() === 0;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "runledger-out-"));
});
afterEach(async () => {
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true });
});

test("writes a file with the mode that umask leaves, and nothing beside it", async () => {
  const out = join(folder, "a", "b");
  const before = process.umask(0o027);
  try {
    await makeOutputFolder(out);
    await writeWhole(join(out, "report.xlsx"), Buffer.from("whole"));
  } finally {
    process.umask(before);
  }
  expect(await readdir(out)).toEqual(["report.xlsx"]);
  expect((await stat(join(out, "report.xlsx"))).mode & 0o777).toBe(0o640);
  expect((await stat(out)).mode & 0o777).toBe(0o750);
});

test("never writes through a link: it takes its place", async () => {
  const victim = join(folder, "victim");
  await writeFile(victim, "precious");
  await symlink(victim, join(folder, "report.eml"));
  await symlink(join(folder, "not-there"), join(folder, "report.html"));
  await writeWhole(join(folder, "report.eml"), Buffer.from("mail"));
  await writeWhole(join(folder, "report.html"), Buffer.from("page"));
  expect(await readFile(victim, "utf8")).toBe("precious");
  expect((await lstat(join(folder, "report.eml"))).isSymbolicLink()).toBe(false);
  expect(await readFile(join(folder, "report.eml"), "utf8")).toBe("mail");
  expect(await readdir(folder)).toEqual(["report.eml", "report.html", "victim"]);
});

test("leaves the old file and nothing else when the new one does not come to its end", async () => {
  await writeWhole(join(folder, "report.xlsx"), Buffer.from("old"));
  const broken = Readable.from(
    (function* broken() {
      yield Buffer.from("new, but");
      throw new Error("out of words");
    })(),
  );
  await expect(writeWhole(join(folder, "report.xlsx"), broken)).rejects.toThrow("out of words");
  expect(await readdir(folder)).toEqual(["report.xlsx"]);
  expect(await readFile(join(folder, "report.xlsx"), "utf8")).toBe("old");
});

test("says which folder cannot be written and why", async () => {
  const file = join(folder, "file");
  await writeFile(file, "");
  for (const out of [file, join(file, "below")]) {
    const making = makeOutputFolder(out);
    await expect(making).rejects.toThrow(UsageError);
    await expect(making).rejects.toThrow(
      `cannot write to --out ${out}: a file stands where a folder is needed (E`,
    );
  }
  await mkdir(join(folder, "report.xlsx"));
  await expect(writeWhole(join(folder, "report.xlsx"), Buffer.from("x"))).rejects.toThrow(
    `cannot write to --out ${folder}: it is a folder (EISDIR)`,
  );
});

test.runIf(existsSync("/proc/self"))("does not try for ever where no folder can be made", async () => {
  for (const out of ["/proc/x", "/proc/x/y/z"]) {
    await expect(makeOutputFolder(out)).rejects.toThrow(`cannot write to --out ${out}: `);
  }
});

test("makes the folder once, however many want it", async () => {
  const out = join(folder, "a", "b", "c");
  await Promise.all(Array.from({ length: 20 }, () => makeOutputFolder(out)));
  expect((await stat(out)).isDirectory()).toBe(true);
});

// Root may write everywhere.
test.skipIf(isRoot)("says that it may not be written", async () => {
  await chmod(folder, 0o500);
  await expect(makeOutputFolder(join(folder, "out"))).rejects.toThrow("permission denied (EACCES)");
  await expect(writeWhole(join(folder, "x"), Buffer.from("x"))).rejects.toThrow("permission denied (EACCES)");
});

// Only root can make a link that is another account's.
test.runIf(isRoot)("does not follow a link of another account to its folder", async () => {
  const link = join(folder, "reports");
  await symlink(folder, link);
  await makeOutputFolder(link);
  await lchown(link, 65534, 65534);
  await expect(makeOutputFolder(link)).rejects.toThrow("is a link that another account has made");
});
