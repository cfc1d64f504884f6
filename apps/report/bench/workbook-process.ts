// One workbook, made and written to a file as report weekly does it.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeWorkbook } from "../src/workbook.ts";
import { reportOf } from "./made-up-report.ts";

export interface WrittenWorkbook {
  ms: number;
  bytes: number;
  /** Largest resident memory of the process. */
  peakBytes: number;
}

const { runs }: { runs: number } = JSON.parse(process.argv[2] ?? "");
const folder = await mkdtemp(join(tmpdir(), "runledger-bench-workbook-"));
try {
  const startedAt = performance.now();
  const workbook = await writeWorkbook(reportOf(runs));
  await writeFile(join(folder, "bench.xlsx"), workbook);
  const written: WrittenWorkbook = {
    ms: performance.now() - startedAt,
    bytes: workbook.length,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
  process.send?.(written);
} finally {
  await rm(folder, { recursive: true });
  process.disconnect();
}
