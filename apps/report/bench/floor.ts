import { execFile, spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { gatherEvidence } from "../src/workbook/evidence.ts";
import type { PrintableReport } from "../src/workbook/printable-report.ts";
import { runsSheets } from "../src/workbook/runs.ts";

/** How long XlsxWriter takes for the cells of the runs, its reading of them aside; `null` where there is none. */
export async function floorSeconds(
  report: PrintableReport,
): Promise<{ name: string; seconds: number } | null> {
  const interpreter = await pythonWithXlsxWriter();
  if (interpreter === null) return null;
  const python = spawn(interpreter, [new URL("workbook.py", import.meta.url).pathname], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const answer = text(python.stdout);
  await pipeline(cellsOf(report), python.stdin);
  const [name = "", seconds] = (await answer).split("\t");
  return { name, seconds: Number(seconds) };
}

/** Debian's packages are for its own Python, which need not be the first on the path. */
async function pythonWithXlsxWriter(): Promise<string | null> {
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
function* cellsOf(report: PrintableReport): Generator<string> {
  const evidence = gatherEvidence(report, 1_000_000);
  for (const { columns, rows } of runsSheets(report, evidence)) {
    yield `${JSON.stringify(columns.map(({ header }) => [header, "General"]))}\n`;
    for (const row of rows) {
      yield `${JSON.stringify(row.map(({ value, look }) => [value, look.format ?? "General"]))}\n`;
    }
  }
}
