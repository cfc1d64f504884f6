// One workbook, made and written to a file as report weekly does it.
import { createWriteStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { streamWorkbook } from "../src/workbook.ts";
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
  const file = join(folder, "bench.xlsx");
  await pipeline(await streamWorkbook(reportOf(runs)), createWriteStream(file));
  const written: WrittenWorkbook = {
    ms: performance.now() - startedAt,
    bytes: (await stat(file)).size,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
  process.send?.(written);
} finally {
  await rm(folder, { recursive: true });
  process.disconnect();
}
