import { drawTable, printResult, widthOf, type Context, type Line } from "@runledger/cli";
import type { PipelineConfig } from "@runledger/config";
import type { PlanDocument, SyncDocument, SyncedPipelineDocument } from "./sync-documents.ts";
import type { IngestCommand } from "./ingest-command.ts";
import type { SyncCounts } from "../store/sync-ledger.ts";
import type { DisputedDay } from "./pull/tally.ts";
import type { LogWindow } from "./windows/windows.ts";
import { neverSeenText } from "./prove/never-seen.ts";
import type { PipelineResult } from "./work-on-pipelines.ts";

/** The end of a command, in a few lines or as JSON. */
export function saySummary(
  context: Context,
  command: IngestCommand["name"],
  results: readonly PipelineResult[],
  counts: SyncCounts,
  durationMs: number,
): void {
  const rowsQuarantined = results.reduce((sum, { tally }) => sum + tally.rowsQuarantined, 0);
  const summary = { ...counts, rowsQuarantined, durationMs };
  printResult<SyncDocument>(context, {
    document: () => ({ ...summary, pipelines: results.map(toDocument) }),
    lines: () => summaryLines(command, results, summary, widthOf(context)),
  });
}

function summaryLines(
  command: IngestCommand["name"],
  results: readonly PipelineResult[],
  { durationMs, rowsQuarantined, ...counts }: Omit<SyncDocument, "pipelines">,
  width: number,
): Line[] {
  const failed = results.filter((result) => result.error !== null);
  const disputed = results.flatMap(({ name, tally }) => tally.disputed.map((day) => ({ name, ...day })));
  const lines: Line[] = [
    `${DONE[command]} ${results.length - failed.length} of ${counted(results.length, "pipeline")} in ${(durationMs / 1000).toFixed(1)} s: ` +
      `${counted(counts.rowsNew, "new row")} of ${number(counts.rowsFetched)} fetched, ` +
      `${counted(counts.daysVerified, "day")} verified, ${number(counts.daysRepaired)} repaired, ` +
      `${counted(counts.requests, "request")}.`,
  ];
  if (rowsQuarantined > 0) {
    lines.push(`${counted(rowsQuarantined, "row")} did not parse; see runledger.quarantined_rows.`);
  }
  for (const { name, uuid } of results.filter(({ tally }) => tally.isNeverSeen)) {
    lines.push([{ text: "!", style: "yellow" }, ` ${neverSeenText(name, uuid)}`]);
  }
  const aside = disputed.filter(({ setAsideAnswers }) => setAsideAnswers > 0);
  if (aside.length > 0) {
    const where = aside.map(({ name, day }) => `${name} on ${day}`).join(", ");
    lines.push([
      { text: "!", style: "yellow" },
      ` Answers that cannot be read were set aside (${where}); see runledger.set_aside_answers. Each sync tries again.`,
    ]);
  }
  if (disputed.length > 0) {
    lines.push("Stored rows and the source's statistics disagree:");
    lines.push(...drawDisputes(disputed, width), ADVICE[command]);
  }
  for (const { name, error } of failed) {
    lines.push([{ text: "✖", style: "red" }, ` ${name}: ${error?.message}`]);
  }
  if (failed.length > 0) {
    lines.push(`What is missing is pulled by the next ${command}.`);
  }
  return lines;
}

const DONE = { sync: "Synced", backfill: "Backfilled", verify: "Verified" } as const;

const ADVICE = {
  sync: "Each sync pulls these days again, for as long as they are among the last it verifies.",
  backfill: "Pull them again later with verify --repair.",
  verify: "Pull what is missing with verify --repair.",
} as const;

function toDocument({ name, uuid, tally, error }: PipelineResult): SyncedPipelineDocument {
  const { rowsFetched, rowsNew, rowsQuarantined, daysVerified, daysRepaired, disputed, isNeverSeen } = tally;
  return {
    pipeline: name,
    pipelineUuid: uuid,
    rowsFetched,
    rowsNew,
    rowsQuarantined,
    daysVerified,
    daysRepaired,
    daysDisputed: disputed.length,
    isNeverSeen,
    disputedDays: disputed.map(({ quarantinedRows, setAsideAnswers, ...day }) => ({
      ...day,
      rowsQuarantined: quarantinedRows,
      answersSetAside: setAsideAnswers,
    })),
    error: error?.message ?? null,
  };
}

function drawDisputes(days: readonly (DisputedDay & { name: string })[], width: number): Line[] {
  const columns = [
    { title: "Pipeline" },
    { title: "Day (UTC)" },
    { title: "" },
    { title: "Runs", align: "right" },
    { title: "Failures", align: "right" },
    { title: "Task runs", align: "right" },
    { title: "Unreadable", align: "right" },
  ] as const;
  const rows = days.flatMap((day) => [
    [
      day.name,
      day.day,
      "stored",
      number(day.storedRuns),
      number(day.storedFailures),
      number(day.storedTaskRuns),
      number(day.quarantinedRows),
    ],
    [
      "",
      "",
      "source",
      numberOrUnknown(day.sourceRuns),
      numberOrUnknown(day.sourceFailures),
      number(day.sourceTaskRuns),
      "",
    ],
  ]);
  return drawTable(columns, rows, width);
}

/** What a sync would pull. */
export function sayPlan(
  context: Context,
  pipelines: readonly PipelineConfig[],
  ranges: readonly LogWindow[],
): void {
  const plan = ranges.map(({ from, to }, index) => {
    const { name = "", uuid = "" } = pipelines[index] ?? {};
    return { pipeline: name, pipelineUuid: uuid, from, to };
  });
  printResult<PlanDocument>(context, {
    document: () => plan,
    lines: () => {
      const rows = plan.map(({ pipeline, from, to }) => [
        pipeline,
        `${from.toISOString()} to ${to.toISOString()}`,
      ]);
      return drawTable([{ title: "" }, { title: "" }], rows, widthOf(context));
    },
  });
}

function counted(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? "" : "s"}`;
}

function numberOrUnknown(value: number | null): string {
  return value === null ? "unknown" : number(value);
}

function number(value: number): string {
  return value.toLocaleString("en");
}
