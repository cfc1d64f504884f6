import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { needsProgram } from "../src/needs-program.ts";

it("finds a program on the path", async () => {
  const folder = await emptyFolder();
  const path = join(folder, "soffice");
  await writeFile(path, "#!/bin/sh\n");
  await chmod(path, 0o755);
  expect(needsProgram("soffice", { PATH: `/nowhere:${folder}` })).toEqual({ path, isMissing: false });
});

it("says what is left out and how to get the program", async () => {
  const said: string[] = [];
  const found = needsProgram("soffice", { PATH: await emptyFolder() }, (line) => said.push(line));
  expect(found.isMissing).toBe(true);
  expect(said.join("")).toContain("LEFT OUT: tests that need soffice");
  expect(said.join("")).toContain("apt-get install libreoffice-calc-nogui");
});

it("is an error where programs are required", async () => {
  const env = { PATH: await emptyFolder(), REQUIRE_PROGRAMS: "1" };
  expect(() => needsProgram("soffice", env)).toThrow("apt-get install libreoffice-calc-nogui");
});

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "programs-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}
