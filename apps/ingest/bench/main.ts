// pnpm bench ingest: how long ingest takes for 200,000 task runs, against COPY of the same rows; with --memory, how much
// memory a backfill of 5 million takes. Exits 1 when a limit is passed.
import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { startScratchDatabase } from "@runledger/history/testing/scratch-database";
import { contest } from "./contest.ts";
import { inProcess } from "@runledger/testing/in-process";
import { startSource } from "./source.ts";
import type { SyncTimes } from "./sync-process.ts";
import { overLimit, table } from "./table.ts";
import { isKeptOutputs, type Task } from "./task.ts";

const MEMORY_LIMIT_MB = 400;

const { values: flags } = parseArgs({
  options: {
    rows: { type: "string" },
    rounds: { type: "string", default: "5" },
    /** none, failures or all: with all of them every row is as wide as it came. */
    outputs: { type: "string", default: "all" },
    memory: { type: "boolean", default: false },
  },
});
const count = Number(flags.rows ?? (flags.memory ? 5_000_000 : 200_000));
const { outputs } = flags;
if (!isKeptOutputs(outputs)) {
  throw new Error(`--outputs ${outputs} is none of none, failures, all`);
}

using source = await startSource(count, !flags.memory);
await using database = await startScratchDatabase();
const task: Task = { databaseUrl: database.url, source, outputs };
const machine = `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
console.log(`${count.toLocaleString("en")} task runs, outputs: ${outputs}; ${machine}`);

if (flags.memory) {
  const { firstMs, peakBytes } = await inProcess<SyncTimes>(
    new URL("./sync-process.ts", import.meta.url),
    task,
  );
  const peak = peakBytes / 1_000_000;
  console.log(
    `${(firstMs / 1000).toFixed(0)} s; at most ${peak.toFixed(0)} MB resident (limit ${MEMORY_LIMIT_MB} MB)`,
  );
  process.exitCode = peak > MEMORY_LIMIT_MB ? 1 : 0;
} else {
  const result = await contest(database, task, {
    count,
    rounds: Number(flags.rounds),
    onRound: ({ floor, load, sync, again }) =>
      console.error(`floor ${ms(floor)}, load ${ms(load)}, sync ${ms(sync)}, again ${ms(again)}`),
  });
  console.log(table(result, count));
  const over = overLimit(result);
  console.log(over.length === 0 ? "✔ all within their limits" : `✖ over the limit: ${over.join(", ")}`);
  process.exitCode = over.length === 0 ? 0 : 1;
}

function ms(value: number): string {
  return `${value.toFixed(0)} ms`;
}
