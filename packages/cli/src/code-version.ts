import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const PACKAGE = z.object({ version: z.string() });

/** The release that an app in a folder belongs to: its package.json says it. */
export function releaseOf(folder: string): string {
  return PACKAGE.parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))).version;
}

/**
 * What code an app in a folder of the repository is: its release and, in a checkout, the commit, with `.changed` behind
 * it where files differ from it: `0.1.0+1a2b3c4d5e6f.changed`. Without git, or of a copy, the release alone.
 */
export function codeVersionOf(folder: string, root: string): string {
  const release = releaseOf(folder);
  const commit = commitOf(root);
  return commit === null ? release : `${release}+${commit}`;
}

function commitOf(root: string): string | null {
  const repository = join(root, ".git");
  // Not that of a folder above, which says nothing of this code.
  if (!existsSync(repository)) return null;
  try {
    const place = [`--git-dir=${repository}`, `--work-tree=${root}`];
    // Whoever owns the checkout: nothing of its configuration is run.
    const settings = ["-c", "safe.directory=*", "-c", "core.fsmonitor=false"];
    const describe = ["describe", "--always", "--exclude=*", "--abbrev=12", "--dirty=.changed"];
    return execFileSync("git", [...place, ...settings, ...describe], {
      cwd: root,
      encoding: "utf8",
      // What a hook of git sets would lead to another repository.
      env: { PATH: process.env["PATH"] },
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 5000,
    }).trim();
  } catch {
    return null;
  }
}
