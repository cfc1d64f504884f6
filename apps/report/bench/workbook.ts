// node bench/workbook.ts: how long a workbook of 100,000 runs takes, against Python's XlsxWriter writing the same cells
// of them in its quickest mode; with --memory, how much memory a million takes. Exits 1 when a limit is passed.
import { parseArgs } from "node:util";
import { writeWorkbook } from "../src/workbook.ts";
import { floorSeconds } from "./floor.ts";
import { reportOf } from "./made-up-report.ts";

const ratioLimit = 1;
const memoryLimitMb = 500;

const { values: flags } = parseArgs({
  options: {
    rows: { type: "string" },
    rounds: { type: "string", default: "3" },
    memory: { type: "boolean", default: false },
  },
});
const rows = Number(flags.rows ?? (flags.memory ? 1_000_000 : 100_000));
const report = reportOf(rows);

if (flags.memory) {
  const seconds = await secondsToWrite();
  const peak = (process.resourceUsage().maxRSS * 1024) / 1_000_000;
  console.log(
    `${rows.toLocaleString("en")} runs: ${seconds.toFixed(1)} s; at most ${peak.toFixed(0)} MB resident (limit ${memoryLimitMb} MB)`,
  );
  process.exitCode = peak > memoryLimitMb ? 1 : 0;
} else {
  const ours: number[] = [];
  const floors: number[] = [];
  let floorName: string | null = null;
  for (let round = 0; round < Number(flags.rounds); round += 1) {
    ours.push(await secondsToWrite());
    const floor = await floorSeconds(report);
    if (floor === null) continue;
    floorName = floor.name;
    floors.push(floor.seconds);
  }
  console.log(`workbook of ${rows.toLocaleString("en")} runs: ${median(ours).toFixed(2)} s`);
  if (floorName === null) {
    console.log("– no floor to compare with: python3 has no xlsxwriter (Debian: python3-xlsxwriter)");
  } else {
    const ratio = median(ours) / median(floors);
    console.log(`${floorName}: ${median(floors).toFixed(2)} s`);
    console.log(
      `${ratio <= ratioLimit ? "✔" : "✖"} ${ratio.toFixed(2)} times the floor (limit ${ratioLimit})`,
    );
    process.exitCode = ratio <= ratioLimit ? 0 : 1;
  }
}

async function secondsToWrite(): Promise<number> {
  const start = performance.now();
  await writeWorkbook(report);
  return (performance.now() - start) / 1000;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
