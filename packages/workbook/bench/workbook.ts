// pnpm bench workbook: how long a workbook of 100,000 runs takes, against Python's XlsxWriter writing the same cells in
// its quickest mode; with --memory, how much memory a million takes. Exits 1 when a limit is passed.
import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { inProcess } from "@runledger/testing/in-process";
import { reportOf } from "./made-up-report.ts";
import { findPython, writeWithXlsxWriter } from "./workbook-floor.ts";
import type { WrittenWorkbook } from "./workbook-process.ts";

const RATIO_LIMIT = 1;
const MEMORY_LIMIT_MB = 500;

const { values: flags } = parseArgs({
  options: {
    rows: { type: "string" },
    rounds: { type: "string", default: "3" },
    memory: { type: "boolean", default: false },
  },
});
const runs = Number(flags.rows ?? (flags.memory ? 1_000_000 : 100_000));
const machine = `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
console.log(`a workbook of ${runs.toLocaleString("en")} runs; ${machine}`);

const python = flags.memory ? null : await findPython();
if (!flags.memory && python === null) {
  console.log("no floor: no python3 here has xlsxwriter (Debian: apt install python3-xlsxwriter)");
}
const workbooks: WrittenWorkbook[] = [];
const ratios: number[] = [];
for (let round = 0; round < (flags.memory ? 1 : Number(flags.rounds)); round += 1) {
  const written = await inProcess<WrittenWorkbook>(new URL("./workbook-process.ts", import.meta.url), {
    runs,
  });
  workbooks.push(written);
  console.log(`workbook ${ms(written.ms)}, ${mb(written.bytes)}; at most ${mb(written.peakBytes)} resident`);
  if (python === null) continue;
  const floor = await writeWithXlsxWriter(python, reportOf(runs));
  ratios.push(written.ms / floor.ms);
  console.log(`${floor.name} ${ms(floor.ms)}`);
}

const peak = Math.max(...workbooks.map(({ peakBytes }) => peakBytes));
verdict(peak <= MEMORY_LIMIT_MB * 1e6, `at most ${mb(peak)} resident (limit ${MEMORY_LIMIT_MB} MB)`);
if (ratios.length > 0) {
  const ratio = median(ratios);
  verdict(ratio <= RATIO_LIMIT, `${ratio.toFixed(2)} × floor (limit ${RATIO_LIMIT} ×)`);
}

function verdict(isWithin: boolean, figure: string): void {
  console.log(`${isWithin ? "✔" : "✖"} ${figure}`);
  if (!isWithin) process.exitCode = 1;
}

/** Of an even number the higher of the two in the middle. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function ms(value: number): string {
  return `${value.toFixed(0)} ms`;
}

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
