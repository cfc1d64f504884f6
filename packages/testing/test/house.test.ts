import { execFile } from "node:child_process";
import { glob, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { folderCircles, importsOf, type Imports } from "./folder-circles.ts";

const top = join(import.meta.dirname, "../../..");

describe("what a package may import", () => {
  const forbidden: readonly (readonly [file: string, imported: string])[] = [
    ["packages/sla/src/score/planted.ts", "node:fs"],
    ["packages/sla/src/score/planted.ts", "@runledger/wording"],
    ["packages/sla/src/score/planted.ts", "@runledger/history"],
    ["packages/wording/src/languages/planted.ts", "node:fs/promises"],
    ["packages/wording/src/planted.ts", "@runledger/mail"],
    ["packages/workbook/src/sheets/planted.ts", "kysely"],
    ["packages/workbook/src/planted.ts", "@runledger/mail"],
    ["packages/workbook/src/planted.ts", "@runledger/cli"],
    ["packages/mail/src/planted.ts", "node:net"],
    ["packages/mail/src/planted.ts", "nodemailer"],
    ["packages/mail/src/planted.ts", "exceljs"],
    ["packages/config/src/planted.ts", "@runledger/sla"],
    ["packages/ylem-client/src/planted.ts", "@runledger/config"],
    ["packages/ylem-sandbox/src/server/planted.ts", "@runledger/ylem-client"],
    ["packages/history/src/planted.ts", "@runledger/cli"],
    ["packages/history/src/planted.ts", "@runledger/sla"],
    ["packages/cli/src/planted.ts", "@runledger/history"],
    ["packages/smtp/src/planted.ts", "@runledger/cli"],
    ["apps/report/src/commands/planted.ts", "exceljs"],
    ["apps/report/src/commands/planted.ts", "mjml"],
    ["apps/report/src/commands/planted.ts", "@runledger/ingest"],
    ["apps/ingest/src/sync/planted.ts", "@runledger/report"],
  ];

  it.each(forbidden)("%s is refused %s", async (file, imported) => {
    expect(await lint({ [file]: `export * from "${imported}";\n` })).toContain(
      `'${imported}' import is restricted`,
    );
  });

  it("is refused as a type, too", async () => {
    const text = 'import type { History } from "@runledger/history";\nexport type Planted = History;\n';
    expect(await lint({ "packages/sla/src/planted.ts": text })).toContain("import is restricted");
  });

  it.each(["process.pid", "Date.now()", "fetch", "performance"])(
    "pure packages do without %s",
    async (used) => {
      const planted = { "packages/sla/src/planted.ts": `export const planted = ${used};\n` };
      expect(await lint(planted)).toMatch(/no-restricted-(?:globals|properties)/u);
    },
  );

  it("is let through where it is allowed", async () => {
    const planted = {
      "packages/sla/src/planted.ts": 'export * from "@runledger/config";\nexport * from "node:crypto";\n',
      "packages/mail/src/planted.ts": 'export * from "@runledger/wording";\nexport * from "mjml";\n',
      "packages/workbook/src/planted.ts": 'export * from "exceljs";\n',
      "apps/report/src/planted.ts": 'export * from "@runledger/history";\nexport * from "@runledger/cli";\n',
    };
    expect(await lint(planted)).toContain("Found 0 warnings and 0 errors");
  });
});

describe("circles", () => {
  it("of files are refused, of types as well", async () => {
    const planted = {
      "packages/sla/src/one.ts": 'import type { Two } from "./two.ts";\nexport type One = Two | 1;\n',
      "packages/sla/src/two.ts": 'import type { One } from "./one.ts";\nexport type Two = One | 2;\n',
    };
    expect(await lint(planted)).toContain("no-cycle");
  });

  it("of folders are found", () => {
    const planted = (imports: Record<string, string[]>) => folderCircles(new Map(Object.entries(imports)));
    expect(
      planted({ "src/a/1.ts": ["src/b/1.ts"], "src/b/2.ts": ["src/c/1.ts"], "src/c/2.ts": ["src/a/2.ts"] }),
    ).toEqual([
      "src/a → src/b → src/c → src/a",
      "src/b → src/c → src/a → src/b",
      "src/c → src/a → src/b → src/c",
    ]);
    expect(planted({ "src/main.ts": ["src/a/1.ts"], "src/a/1.ts": ["src/other.ts"] })).toHaveLength(2);
    expect(planted({ "src/main.ts": ["src/a/1.ts"], "src/a/1.ts": ["src/a/b/1.ts"] })).toEqual([]);
  });

  it("of folders are not there", async () => {
    const imports = await sources();
    expect(imports.size).toBeGreaterThan(300);
    expect(folderCircles(imports)).toEqual([]);
  });
});

async function sources(): Promise<Imports> {
  const imports = new Map<string, string[]>();
  for await (const file of glob("{apps,packages}/*/src/**/*.ts", { cwd: top })) {
    imports.set(file, importsOf(file, await readFile(join(top, file), "utf8")));
  }
  return imports;
}

/** What the linter, with the repository's rules, says of these files and no others. */
async function lint(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "runledger-house-"));
  try {
    const rules: object = JSON.parse(await readFile(join(top, ".oxlintrc.json"), "utf8"));
    // Types would need an installation; no rule about imports asks for them.
    await writeFile(
      join(folder, ".oxlintrc.json"),
      JSON.stringify({ ...rules, options: { typeAware: false } }),
    );
    for (const [file, text] of Object.entries(files)) {
      await mkdir(join(folder, dirname(file)), { recursive: true });
      await writeFile(join(folder, file), text);
    }
    const { stdout } = await promisify(execFile)(join(top, "node_modules/.bin/oxlint"), ["."], {
      cwd: folder,
    }).catch(
      // It exits with 1 where it finds something, and says it on stdout.
      (error: unknown): { stdout: string } => ({ stdout: "", ...Object(error) }),
    );
    return stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}
