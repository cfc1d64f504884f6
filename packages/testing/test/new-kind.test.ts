import { execFile } from "node:child_process";
import { cp, glob, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";

const top = join(import.meta.dirname, "../../..");

/** A copy of all sources, in which kinds of objectives can be made up. */
let copy = "";

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), "runledger-new-kind-"));
  await cp(join(top, "tsconfig.base.json"), join(copy, "tsconfig.base.json"));
  await symlink(join(top, "node_modules"), join(copy, "node_modules"));
  const paths: Record<string, string[]> = {};
  for await (const file of glob("{apps,packages}/*/package.json", { cwd: top })) {
    const folder = dirname(file);
    await mkdir(join(copy, folder), { recursive: true });
    await cp(join(top, file), join(copy, file));
    await cp(join(top, folder, "src"), join(copy, folder, "src"), { recursive: true });
    await symlink(join(top, folder, "node_modules"), join(copy, folder, "node_modules"));
    const manifest: Manifest = JSON.parse(await readFile(join(top, file), "utf8"));
    const { name, exports = {} } = manifest;
    for (const [entry, path] of Object.entries(exports)) {
      paths[`${name}${entry.slice(1)}`] = [`./${folder}/${path}`];
    }
  }
  await cp(join(top, "apps/report/test"), join(copy, "apps/report/test"), { recursive: true });
  const compilerOptions = { paths };
  const include = ["apps/*/src", "packages/*/src", "apps/report/test/sla-sql.test.ts"];
  await writeFile(
    join(copy, "tsconfig.json"),
    JSON.stringify({ extends: "./tsconfig.base.json", compilerOptions, include }),
  );
});

afterAll(() => rm(copy, { recursive: true }));

interface Manifest {
  name: string;
  exports?: Record<string, string>;
}

it("lets the compiler ask for every entry of a new kind of objective", async () => {
  await edit("packages/config/src/objective-kinds.ts", '"volume"]', '"volume", "punctuality"]');
  expect(await filesWithErrors()).toEqual([...types, ...tables].toSorted());

  for (const file of types) {
    await edit(file, "  volume: {", "  punctuality: { withinMs: number };\n  volume: {");
  }
  expect(await filesWithErrors()).toEqual(tables);
});

/** What a kind measures, and what a recount of it takes. */
const types: readonly string[] = [
  "packages/config/src/config.ts",
  "packages/sla/src/report/weekly-report.ts",
];

/** The tables by kind. */
const tables: readonly string[] = [
  "apps/report/src/check/openslo.ts",
  "apps/report/src/explain/explain-document.ts",
  "apps/report/src/explain/explain-evidence.ts",
  "apps/report/test/sla-sql.test.ts",
  "packages/config/src/schema.ts",
  "packages/config/src/to-config.ts",
  "packages/sla/src/kinds/kind-of.ts",
  "packages/sla/src/scope/scoring-input.ts",
  "packages/sla/src/testing/sla-second-way.ts",
  "packages/wording/src/languages/de-DE.ts",
  "packages/wording/src/languages/en-GB.ts",
  "packages/workbook/src/sheets/method-sheet.ts",
  "packages/workbook/src/sheets/recount.ts",
];

/** What only some kind has: a due time is listed ahead, and no other kind has any. */
const exceptions: readonly string[] = ["apps/report/src/check/upcoming.ts"];

it("has no source ask for a kind by its name beside the tables", async () => {
  const asking: string[] = [];
  for await (const file of glob("{apps,packages}/*/src/**/*.ts", { cwd: copy })) {
    if (/\/ylem-|\/testing\//u.test(file)) continue;
    const text = await readFile(join(copy, file), "utf8");
    if (/(?:kind [!=]==|case) "(?:success|duration|deadline|freshness|volume)"/u.test(text)) {
      asking.push(file);
    }
  }
  expect(asking).toEqual(exceptions);
});

it("is told of in CONTRIBUTING.md, file by file", async () => {
  const contributing = await readFile(join(top, "CONTRIBUTING.md"), "utf8");
  const recipe =
    contributing.split("### ").find((section) => section.startsWith("A kind of objective")) ?? "";
  expect([...types, ...tables].filter((file) => !recipe.includes(`\`${file}\``))).toEqual([]);
});

async function edit(file: string, before: string, after: string): Promise<void> {
  const text = await readFile(join(copy, file), "utf8");
  expect(text.split(before)).toHaveLength(2);
  await writeFile(join(copy, file), text.replace(before, after));
}

/** Where the compiler finds something. */
async function filesWithErrors(): Promise<string[]> {
  const { stdout } = await promisify(execFile)(join(top, "node_modules/.bin/tsc"), ["--pretty", "false"], {
    cwd: copy,
  }).catch(
    // It exits with 2 where it finds something, and says it on stdout.
    (error: unknown): { stdout: string } => ({ stdout: "", ...Object(error) }),
  );
  const files = stdout.split("\n").flatMap((line) => /^(\S+)\(\d+,\d+\): error/u.exec(line)?.[1] ?? []);
  return [...new Set(files)].toSorted();
}
