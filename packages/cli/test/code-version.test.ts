import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { needsProgram } from "@runledger/testing/needs-program";
import { expect, onTestFinished, test } from "vitest";
import { codeVersionOf, releaseOf } from "../src/code-version.ts";

const program = needsProgram("git");

test.skipIf(program.isMissing)(
  "is the release and the commit of a checkout, and says where files differ from it",
  async () => {
    const root = await checkout();
    const commit = git(root, "rev-parse", "--short=12", "HEAD");
    expect(codeVersionOf(join(root, "app"), root)).toBe(`1.2.3+${commit}`);
    await writeFile(join(root, "app/package.json"), '{ "version": "1.2.3" } ');
    expect(codeVersionOf(join(root, "app"), root)).toBe(`1.2.3+${commit}.changed`);
    const worktree = join(root, "worktree");
    git(root, "worktree", "add", "-q", "--detach", worktree);
    expect(codeVersionOf(join(worktree, "app"), worktree)).toBe(`1.2.3+${commit}`);
  },
);

test.skipIf(program.isMissing)(
  "is the release alone of a copy, also one that lies in somebody else's repository",
  async () => {
    const root = await checkout();
    const copy = join(root, "copy");
    await mkdir(join(copy, "app"), { recursive: true });
    await writeFile(join(copy, "app/package.json"), '{ "version": "1.2.3" }');
    expect(codeVersionOf(join(copy, "app"), copy)).toBe("1.2.3");
  },
);

test("refuses a package.json that does not say the release", async () => {
  const folder = await mkdtemp(join(tmpdir(), "release-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "package.json"), '{ "version": 1 }');
  expect(() => releaseOf(folder)).toThrow(/version/u);
});

async function checkout(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "checkout-"));
  onTestFinished(() => rm(root, { recursive: true }));
  await mkdir(join(root, "app"));
  await writeFile(join(root, "app/package.json"), '{ "version": "1.2.3" }');
  git(root, "init", "-q");
  git(root, "add", ".");
  git(root, "-c", "user.name=a", "-c", "user.email=a@acme.example", "commit", "-q", "-m", "first");
  return root;
}

function git(root: string, ...args: string[]): string {
  return execFileSync(program.path, ["-C", root, ...args], { encoding: "utf8" }).trim();
}
