// How long the weekly reports of 1,000 pipelines take, against one plain query over the same runs. Exits 1 when a
// limit is passed.
import { writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { History } from "@runledger/history";
import { startScratchDatabase } from "@runledger/history/testing/scratch-database";
import { inProcess } from "@runledger/testing/in-process";
import { madeUpConfig, makeUpRuns, PIPELINES } from "./made-up-history.ts";
import type { ReportTask, ReportTimes } from "./report-process.ts";

const LIMITS = { ratio: 3, megabytes: 400 };

const { values: flags } = parseArgs({
  options: {
    /** Runs of all pipelines together. */
    rows: { type: "string", default: "10000000" },
    rounds: { type: "string", default: "5" },
    /** Write the files, too, in one more round: of that only time and memory are told. */
    files: { type: "boolean", default: false },
  },
});
const runsPerPipeline = Number(flags.rows) / PIPELINES;

await using database = await startScratchDatabase();
const { history, folder, url } = database;
const task: ReportTask = { databaseUrl: url, configPath: join(folder, "runledger.yaml"), out: null };
await writeFile(task.configPath, madeUpConfig(runsPerPipeline));
await makeUpRuns(history, runsPerPipeline);

const plainQuery = `
  select pipeline_uuid, (finished_at at time zone 'UTC')::date, count(*), count(*) filter (where not is_successful),
         sum(elapsed_ms), max(elapsed_ms)
  from runledger.runs group by 1, 2`;

interface Round extends ReportTimes {
  floor: number;
  view: number;
  ratio: number;
}

const rounds: Round[] = [];
for (let round = 0; round < Number(flags.rounds); round += 1) {
  const view = await timed(() => history.pool.query("select * from runledger.daily_runs"));
  await forgetReports(history);
  const floor = await timed(() => history.pool.query(plainQuery));
  const reports = await inProcess<ReportTimes>(new URL("./report-process.ts", import.meta.url), task);
  console.error(`floor ${ms(floor)}, daily_runs ${ms(view)}, reports ${ms(reports.ms)}`);
  rounds.push({ floor, view, ratio: reports.ms / floor, ...reports });
}

const of = (figure: "floor" | "view" | "ms" | "ratio" | "peakBytes") =>
  rounds.map((round) => round[figure]).toSorted((a, b) => a - b)[Math.floor(rounds.length / 2)] ?? Number.NaN;
const megabytes = of("peakBytes") / 1_000_000;
const machine = `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
console.log(`${rounds[0]?.runs.toLocaleString("en")} runs, 1,000 pipelines, 100 agreements; ${machine}
| | ms | ratio | at most |
| --- | ---: | ---: | ---: |
| floor: runs, failures, sum and longest by pipeline and day | ${of("floor").toFixed(0)} | 1 | |
| \`select * from daily_runs\` | ${of("view").toFixed(0)} | | |
| all weekly reports, read, scored, numbered and stored | ${of("ms").toFixed(0)} | ${of("ratio").toFixed(2)} × floor | ${LIMITS.ratio} × |
At most ${megabytes.toFixed(0)} MB resident (limit ${LIMITS.megabytes} MB). The files are not counted.`);
if (flags.files) {
  await forgetReports(history);
  const filed = await inProcess<ReportTimes>(new URL("./report-process.ts", import.meta.url), {
    ...task,
    out: join(folder, "reports"),
  });
  const took = `${(filed.ms / 1000).toFixed(0)} s, at most ${(filed.peakBytes / 1_000_000).toFixed(0)} MB resident`;
  console.log(`With their files, of ${runsPerPipeline * 10} runs each: ${took}.`);
}
const isOver = of("ratio") > LIMITS.ratio || megabytes > LIMITS.megabytes;
console.log(isOver ? "✖ over the limit" : "✔ all within their limits");
process.exitCode = isOver ? 1 : 0;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** So that each round makes and stores first revisions. */
async function forgetReports({ pool }: History): Promise<void> {
  await pool.query("truncate runledger.reports, runledger.sla_results, runledger.incidents");
}

function ms(value: number): string {
  return `${value.toFixed(0)} ms`;
}
