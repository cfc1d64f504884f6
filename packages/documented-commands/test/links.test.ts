import { access, glob, readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";

const ROOT = dirname(dirname(dirname(import.meta.dirname)));

/** The pages that are read in the repository; what tools write for themselves is not among them. */
const PAGES = ["*.md", "docs/**/*.md", ".github/**/*.md"];

it("leads from each page to files and folders that are there", async () => {
  let count = 0;
  for await (const page of glob(PAGES, { cwd: ROOT })) {
    const text = await readFile(join(ROOT, page), "utf8");
    const links = linksOf(text).map((target) => join(dirname(page), target));
    for (const target of [...links, ...pathsOf(text)]) {
      count += 1;
      const found = access(join(ROOT, target)).then(
        () => true,
        () => false,
      );
      expect({ page, target, found: await found }).toEqual({ page, target, found: true });
    }
  }
  expect(count).toBeGreaterThan(80);
});

it("names only scripts that there are", async () => {
  const text = await readFile(join(ROOT, "CONTRIBUTING.md"), "utf8");
  const named = [
    ...Array.from(text.matchAll(/npm run ([\w:]+)/gu), ([, script = ""]) => ({ folder: ".", script })),
    ...Array.from(text.matchAll(/--filter @runledger\/(\w+) run ([\w:]+)/gu), ([, name, script = ""]) => ({
      folder: `packages/${name}`,
      script,
    })),
  ];
  expect(named.length).toBeGreaterThan(8);
  for (const { folder, script } of named) {
    const { scripts } = JSON.parse(await readFile(join(ROOT, folder, "package.json"), "utf8"));
    expect(Object.keys(scripts), `${script} in ${folder}`).toContain(script);
  }
});

it("lists every decision, by its number and its title", async () => {
  const folder = join(ROOT, "docs/decisions");
  const index = await readFile(join(folder, "README.md"), "utf8");
  const pages = (await readdir(folder)).filter((name) => /^\d/u.test(name)).toSorted();
  const expected = pages.map(async (page, position) => {
    const [heading = ""] = (await readFile(join(folder, page), "utf8")).split("\n");
    const number = position + 1;
    expect(page.startsWith(`${String(number).padStart(4, "0")}-`)).toBe(true);
    expect(heading.startsWith(`# ${number}. `)).toBe(true);
    return `${number}. [${heading.slice(`# ${number}. `.length)}](${page})`;
  });
  expect(index.split("\n").filter((line) => /^\d+\. /u.test(line))).toEqual(await Promise.all(expected));
});

/** Paths that the page's links and pictures lead to, without addresses elsewhere and places within the page. */
function linksOf(markdown: string): string[] {
  return Array.from(markdown.matchAll(/\]\(([^)\s]+)\)/gu), ([, target = ""]) => target)
    .filter((target) => !/^(?:https?:|mailto:|#)/u.test(target))
    .map((target) => target.replace(/#.*$/u, ""));
}

/** Paths from the repository's root that the page names; not patterns of several. */
function pathsOf(markdown: string): string[] {
  const paths = markdown.matchAll(/`((?:apps|packages|docs|scripts)\/[\w./-]+)`/gu);
  return Array.from(paths, ([, path = ""]) => path);
}
