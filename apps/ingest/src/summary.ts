import type { Context } from "@runledger/cli";
import type { PipelineConfig } from "@runledger/config";
import Table from "cli-table3";
import type { IngestCommand } from "./run-ingest.ts";
import type { SyncCounts } from "./sync-ledger.ts";
import type { DisputedDay } from "./tally.ts";
import type { LogWindow } from "./windows.ts";
import type { PipelineResult } from "./work-on-pipelines.ts";

/** The end of a command, in a few lines or as JSON. */
export function saySummary(
  { stdout, isJson }: Context,
  command: IngestCommand["name"],
  results: readonly PipelineResult[],
  counts: SyncCounts,
  durationMs: number,
): void {
  const rowsQuarantined = results.reduce((sum, { tally }) => sum + tally.rowsQuarantined, 0);
  if (isJson) {
    const pipelines = results.map(toJson);
    stdout.write(`${JSON.stringify({ ...counts, rowsQuarantined, durationMs, pipelines }, null, 2)}\n`);
    return;
  }
  const failed = results.filter((result) => result.error !== null);
  const disputed = results.flatMap(({ name, tally }) => tally.disputed.map((day) => ({ name, ...day })));
  const lines = [
    `${DONE[command]} ${results.length - failed.length} of ${counted(results.length, "pipeline")} in ${(durationMs / 1000).toFixed(1)} s: ` +
      `${counted(counts.rowsNew, "new row")} of ${number(counts.rowsFetched)} fetched, ` +
      `${counted(counts.daysVerified, "day")} verified, ${number(counts.daysRepaired)} repaired, ` +
      `${counted(counts.requests, "request")}.`,
  ];
  if (rowsQuarantined > 0) {
    lines.push(`${counted(rowsQuarantined, "row")} did not parse; see runledger.quarantined_rows.`);
  }
  if (disputed.length > 0) {
    lines.push("Stored rows and the source's statistics disagree:", drawDisputes(disputed), ADVICE[command]);
  }
  for (const { name, error } of failed) {
    lines.push(`✖ ${name}: ${error?.message}`);
  }
  if (failed.length > 0) {
    lines.push(`What is missing is pulled by the next ${command}.`);
  }
  stdout.write(`${lines.join("\n")}\n`);
}

const DONE = { sync: "Synced", backfill: "Backfilled", verify: "Verified" } as const;

const ADVICE = {
  sync: "Each sync pulls these days again, for as long as they are among the last it verifies.",
  backfill: "Pull them again later with verify --repair.",
  verify: "Pull what is missing with verify --repair.",
} as const;

function toJson({ name, tally, error }: PipelineResult) {
  const { rowsFetched, rowsNew, rowsQuarantined, daysVerified, daysRepaired, disputed } = tally;
  return {
    name,
    rowsFetched,
    rowsNew,
    rowsQuarantined,
    daysVerified,
    daysRepaired,
    daysDisputed: disputed,
    error: error?.message ?? null,
  };
}

function drawDisputes(days: readonly (DisputedDay & { name: string })[]): string {
  const table = new Table({
    head: ["Pipeline", "Day (UTC)", "", "Runs", "Failures", "Task runs", "Unreadable"],
    colAligns: ["left", "left", "left", "right", "right", "right", "right"],
    style: { head: ["bold"], border: ["dim"], compact: true },
  });
  for (const day of days) {
    table.push([
      day.name,
      day.day,
      "stored\nsource",
      `${number(day.storedRuns)}\n${number(day.sourceRuns)}`,
      `${number(day.storedFailures)}\n${number(day.sourceFailures)}`,
      `${number(day.storedTaskRuns)}\n${number(day.sourceTaskRuns)}`,
      number(day.quarantinedRows),
    ]);
  }
  return table.toString();
}

/** What a sync would pull. */
export function sayPlan(
  { stdout, isJson }: Context,
  pipelines: readonly PipelineConfig[],
  ranges: readonly LogWindow[],
): void {
  const plan = pipelines.map(({ name }, index) => ({
    name,
    from: ranges[index]?.from,
    to: ranges[index]?.to,
  }));
  if (isJson) {
    stdout.write(`${JSON.stringify(plan, null, 2)}\n`);
    return;
  }
  const width = Math.max(...plan.map(({ name }) => name.length));
  for (const { name, from, to } of plan) {
    stdout.write(`${name.padEnd(width)}  ${from?.toISOString()} to ${to?.toISOString()}\n`);
  }
}

function counted(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? "" : "s"}`;
}

function number(value: number): string {
  return value.toLocaleString("en");
}
