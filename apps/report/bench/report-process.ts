// All agreements' reports of the week, as `report weekly` makes them: up to what is printed, or with the files.
import { createLog, readEnvironment, type Context } from "@runledger/cli";
import { loadConfig } from "@runledger/config";
import { openConfiguredHistory } from "@runledger/history";
import { printNumbered } from "../src/publish/publish-report.ts";
import { reportWeeks } from "../src/weeks/report-week.ts";
import { weekOf } from "@runledger/sla";
import { AS_OF, WEEK } from "./made-up-history.ts";

export interface ReportTask {
  databaseUrl: string;
  configPath: string;
  /** Where the files go; `null`: none are written. */
  out: string | null;
}

export interface ReportTimes {
  ms: number;
  /** Of the evidence of all reports. */
  runs: number;
  /** Largest resident memory of the process. */
  peakBytes: number;
}

const { databaseUrl, configPath, out }: ReportTask = JSON.parse(process.argv[2] ?? "");
const context: Context = {
  version: "0.0.0",
  environment: readEnvironment({ DATABASE_URL: databaseUrl, RUNLEDGER_CONFIG: configPath }),
  log: createLog({ level: "warn", isColorful: false, stream: process.stderr }),
  signal: new AbortController().signal,
  now: () => AS_OF,
  stdout: process.stdout,
  stderr: process.stderr,
  isJson: false,
  isInteractive: false,
};

const startedAt = performance.now();
const config = await loadConfig(configPath);
await using history = await openConfiguredHistory(databaseUrl, "runledger-report");
const weeks = config.agreements.map((agreement) => {
  const week = weekOf(WEEK, agreement.timezone);
  return { history, config, agreement, week, asOf: AS_OF, isAsOfAsked: true, isRestated: false };
});
let runs = 0;
for await (const { agreement, report } of reportWeeks(context, weeks)) {
  if (out !== null) await printNumbered(context, out, agreement, report);
  runs += report.runs.length;
}
const times: ReportTimes = {
  ms: performance.now() - startedAt,
  runs,
  peakBytes: process.resourceUsage().maxRSS * 1024,
};
process.send?.(times);
process.disconnect?.();
