import type { Context } from "@runledger/cli";
import type { PipelineConfig } from "@runledger/config";
import type { PipelineResult } from "./commands/sync.ts";
import type { SyncCounts } from "./sync-ledger.ts";
import type { LogWindow } from "./windows.ts";

/** The end of a sync, in a few lines or as JSON. */
export function saySummary(
  { stdout, isJson }: Context,
  results: readonly PipelineResult[],
  counts: SyncCounts,
  durationMs: number,
): void {
  const failed = results.filter((result) => result.error !== null);
  const quarantined = results.reduce((sum, result) => sum + result.rowsQuarantined, 0);
  if (isJson) {
    const pipelines = results.map(({ name, rowsFetched, rowsNew, rowsQuarantined, error }) => ({
      name,
      rowsFetched,
      rowsNew,
      rowsQuarantined,
      error: error?.message ?? null,
    }));
    stdout.write(
      `${JSON.stringify({ ...counts, rowsQuarantined: quarantined, durationMs, pipelines }, null, 2)}\n`,
    );
    return;
  }
  const lines = [
    `Synced ${results.length - failed.length} of ${counted(results.length, "pipeline")} in ${(durationMs / 1000).toFixed(1)} s: ` +
      `${counted(counts.rowsNew, "new row")} of ${number(counts.rowsFetched)} fetched, ${counted(counts.requests, "request")}.`,
  ];
  if (quarantined > 0) {
    lines.push(`${counted(quarantined, "row")} did not parse; see runledger.quarantined_rows.`);
  }
  for (const { name, error } of failed) {
    lines.push(`✖ ${name}: ${error?.message}`);
  }
  if (failed.length > 0) {
    lines.push("What is missing is pulled by the next sync.");
  }
  stdout.write(`${lines.join("\n")}\n`);
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
