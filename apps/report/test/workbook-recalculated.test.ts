import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { needsProgram } from "@runledger/needs-program";
import JSZip from "jszip";
import { expect, it } from "vitest";
import { writeWorkbook } from "../src/workbook.ts";
import { fixtureReport, objective } from "./fixture-report.ts";

const run = promisify(execFile);
const soffice = needsProgram("soffice");

it.skipIf(soffice.isMissing)(
  "counts the same when another program works its formulas out",
  { timeout: 60_000 },
  async () => {
    const workbook = await writeWorkbook(report, { rowsPerSheet: 60 });
    const objectives = await recalculated(await withoutResults(workbook), "Objectives");
    expect(objectives.map((cells) => [cells.at(0), ...cells.slice(-3)])).toEqual([
      ["Objective", "Total recounted", "Bad recounted", "Check"],
      ["by-six", "5", "1", "agrees"],
      ["enough", "", "2", "agrees"],
      ["fast", "168", "7", "agrees"],
      ["succeeds", "168", "1", "agrees"],
      ["quick", "167", "149", "differs"],
      ["fresh", "", "90.123", "agrees"],
    ]);
  },
);

const days = ["2026-03-16", "2026-03-17", "2026-03-18", "2026-03-19", "2026-03-20"];
const gap = { objective: "fresh", from: new Date("2026-03-16T00:00:00Z"), to: null, limitMs: 1000 };

/** Every kind of objective, most of them as the rows have it. */
const report = fixtureReport({
  objectives: [
    ...fixtureReport().objectives.filter(({ id }) => ["by-six", "fast", "succeeds"].includes(id)),
    objective({
      id: "enough",
      kind: "volume",
      terms: { kind: "volume", atLeast: 25, days },
      share: { good: 3, total: 5 },
      verdict: "missed",
    }),
    objective({
      id: "quick",
      kind: "duration",
      terms: { kind: "duration", atMostMs: 1_560_000, failed: "exclude" },
      share: { good: 0, total: 167 },
    }),
    objective({
      id: "fresh",
      kind: "freshness",
      terms: { kind: "freshness" },
      share: { good: 604_800 - 90.123, total: 604_800 },
      burnRate: 0,
    }),
  ],
  freshnessGaps: [
    { ...gap, breachMs: 90_000 },
    { ...gap, breachMs: 123 },
  ],
});

/** The workbook with the results of its formulas spoilt, so that only who works them out knows them. */
async function withoutResults(workbook: Buffer): Promise<Buffer> {
  const zip = await JSZip.loadAsync(workbook);
  for (const path of ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"]) {
    const sheet = (await zip.file(path)?.async("string")) ?? "";
    zip.file(path, sheet.replaceAll(/<\/f><v>[^<]*<\/v>/g, "</f><v>-1</v>"));
  }
  return zip.generateAsync({ type: "nodebuffer" });
}

/** A sheet's cells after LibreOffice has opened the workbook and calculated all of it. */
async function recalculated(workbook: Buffer, sheet: string): Promise<string[][]> {
  const folder = await mkdtemp(join(tmpdir(), "workbook-"));
  try {
    await mkdir(join(folder, "profile/user"), { recursive: true });
    await writeFile(join(folder, "profile/user/registrymodifications.xcu"), alwaysRecalculate);
    await writeFile(join(folder, "report.xlsx"), workbook);
    const allSheetsTabbed = "csv:Text - txt - csv (StarCalc):9,34,76,1,,0,false,true,false,false,false,-1";
    await run(
      soffice.path,
      [
        `-env:UserInstallation=file://${folder}/profile`,
        "--headless",
        "--convert-to",
        allSheetsTabbed,
        "report.xlsx",
      ],
      { cwd: folder },
    );
    const lines = (await readFile(join(folder, `report-${sheet}.csv`), "utf8")).trim().split("\n");
    return lines.map((line) => line.split("\t"));
  } finally {
    await rm(folder, { recursive: true });
  }
}

const alwaysRecalculate =
  '<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">' +
  '<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>';
