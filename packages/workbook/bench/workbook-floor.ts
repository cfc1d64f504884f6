import { execFile, spawn } from "node:child_process";
import { json } from "node:stream/consumers";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { gatherEvidence } from "../src/sheets/evidence.ts";
import type { WeeklyReport } from "@runledger/sla";
import { runsSheets } from "../src/sheets/runs-sheet.ts";

export interface Floor {
  name: string;
  ms: number;
}

/** How long XlsxWriter takes for the cells of the runs, reading them aside. */
export async function writeWithXlsxWriter(interpreter: string, report: WeeklyReport): Promise<Floor> {
  const python = spawn(interpreter, [join(import.meta.dirname, "workbook.py")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const answer = json(python.stdout);
  await pipeline(cellsOf(report), python.stdin);
  // Both ends are files of this folder.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return (await answer) as Floor;
}

/** A Python that has XlsxWriter; Debian's packages are for its own, which need not be the first on the path. */
export async function findPython(): Promise<string | null> {
  for (const interpreter of ["python3", "/usr/bin/python3"]) {
    try {
      await run(interpreter, ["-c", "import xlsxwriter"]);
      return interpreter;
    } catch {
      continue;
    }
  }
  return null;
}

const run = promisify(execFile);

/** A row per line: a list of [value, Excel number format]. */
function* cellsOf(report: WeeklyReport): Generator<string> {
  const evidence = gatherEvidence(report, Number.MAX_SAFE_INTEGER);
  for (const { columns, rows } of runsSheets(report, evidence)) {
    yield `${JSON.stringify(columns.map(({ header }) => [header, "General"]))}\n`;
    for (const row of rows) {
      yield `${JSON.stringify(row.map(({ value, look }) => [value, look.format ?? "General"]))}\n`;
    }
  }
}
