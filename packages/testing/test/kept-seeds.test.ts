import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";

const run = promisify(execFile);

it("runs a test once more with each seed that it failed with", async () => {
  const folder = await copyOf("one-failing-seed");
  expect(await outcomeWith(6, folder)).toBe("passed");
  expect(await outcomeWith(7, folder)).toBe("failed");
  expect(JSON.parse(await readFile(join(folder, "test/kept-seeds.json"), "utf8"))).toEqual([
    { file: "property.test.ts", seed: 7 },
  ]);
  // Any day's seed would do; the kept one fails as it did.
  expect(await outcomeWith(6, folder)).toBe("failed");
});

/** Beside the original, so that it imports the same. */
async function copyOf(fixture: string): Promise<string> {
  const folder = await mkdtemp(join(import.meta.dirname, "copy-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp(join(import.meta.dirname, fixture), folder, { recursive: true });
  await mkdir(join(folder, "test"));
  return folder;
}

async function outcomeWith(seed: number, folder: string): Promise<"passed" | "failed"> {
  const env = { ...process.env, PROPERTY_SEED: String(seed) };
  return run("vitest", ["run"], { cwd: folder, env }).then(
    () => "passed",
    () => "failed",
  );
}
