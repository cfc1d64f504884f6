import { exitCode, type Context, type ExitCode } from "@runledger/cli";
import { loadConfig } from "@runledger/config";
import { openConfiguredHistory, type History, type HistoryDatabase } from "@runledger/history";
import Table from "cli-table3";
import type { ExpressionBuilder } from "kysely";
import type { CoverageState } from "../verification/coverage.ts";

/** How one pipeline's history stands. */
interface PipelineStatus {
  pipeline: string;
  syncedThrough: Date | null;
  lagMs: number | null;
  runs: number;
  rows: number;
  lastRunAt: Date | null;
  quarantinedRows: number;
  /** Days that agree with the source and have settled. */
  daysProven: number;
  daysInDispute: number;
  /** Days of which the source gave no statistics. */
  daysUnverified: number;
}

/** Per pipeline of the configuration: how far it is synced, how far that lies back, rows, days that disagree. */
export async function status(context: Context): Promise<ExitCode> {
  const { environment, now, stdout, isJson } = context;
  const config = await loadConfig(environment.configPath);
  await using history = await openConfiguredHistory(environment.databaseUrl, "runledger-ingest status");
  const known = new Map((await readStatus(history, now())).map((row) => [row.uuid, row]));
  const rows = config.pipelines.map(({ uuid, name }): PipelineStatus => {
    const { uuid: _, ...figures } = known.get(uuid) ?? NEVER_SYNCED;
    return { pipeline: name, ...figures };
  });
  stdout.write(isJson ? `${JSON.stringify(rows, null, 2)}\n` : `${drawStatus(rows)}\n`);
  return exitCode.done;
}

const NEVER_SYNCED = {
  uuid: "",
  syncedThrough: null,
  lagMs: null,
  runs: 0,
  rows: 0,
  lastRunAt: null,
  quarantinedRows: 0,
  daysProven: 0,
  daysInDispute: 0,
  daysUnverified: 0,
};

async function readStatus({ db }: History, now: Date) {
  const rows = await db
    .selectFrom("pipelines as p")
    .select((eb) => [
      "p.pipeline_uuid",
      "p.synced_through",
      "p.last_run_at",
      eb
        .selectFrom("runs as r")
        .whereRef("r.pipeline_uuid", "=", "p.pipeline_uuid")
        .select((run) => run.fn.countAll<number>().as("n"))
        .as("runs"),
      eb
        .selectFrom("runs as r")
        .whereRef("r.pipeline_uuid", "=", "p.pipeline_uuid")
        .select((run) => run.fn.sum<number>("r.task_count").as("n"))
        .as("rows"),
      eb
        .selectFrom("quarantined_rows as q")
        .whereRef("q.pipeline_uuid", "=", "p.pipeline_uuid")
        .select((row) => row.fn.countAll<number>().as("n"))
        .as("quarantined"),
      daysIn(eb, "proven"),
      daysIn(eb, "disputed"),
      daysIn(eb, "unverified"),
    ])
    .execute();
  return rows.map((row) => ({
    uuid: row.pipeline_uuid,
    syncedThrough: row.synced_through,
    lagMs: row.synced_through && now.getTime() - row.synced_through.getTime(),
    runs: row.runs ?? 0,
    rows: row.rows ?? 0,
    lastRunAt: row.last_run_at,
    quarantinedRows: row.quarantined ?? 0,
    daysProven: row.proven ?? 0,
    daysInDispute: row.disputed ?? 0,
    daysUnverified: row.unverified ?? 0,
  }));
}

/** The number of the pipeline's days in a state, named for the state. */
function daysIn<State extends CoverageState>(
  eb: ExpressionBuilder<HistoryDatabase & { p: HistoryDatabase["pipelines"] }, "p">,
  state: State,
) {
  return eb
    .selectFrom("coverage as c")
    .whereRef("c.pipeline_uuid", "=", "p.pipeline_uuid")
    .where("c.state", "=", state)
    .select((day) => day.fn.countAll<number>().as("n"))
    .as(state);
}

/** A table to read at a glance; times in UTC. */
function drawStatus(rows: readonly PipelineStatus[]): string {
  const table = new Table({
    head: [
      "Pipeline",
      "Synced through (UTC)",
      "Lag",
      "Runs",
      "Rows",
      "Last run (UTC)",
      "Unreadable rows",
      "Days proven",
      "disputed",
      "unverified",
    ],
    colAligns: ["left", "left", "right", "right", "right", "left", "right", "right", "right", "right"],
    style: { head: ["bold"], border: ["dim"], compact: true },
  });
  for (const row of rows) {
    table.push([
      row.pipeline,
      minuteOf(row.syncedThrough),
      row.lagMs === null ? "never synced" : durationOf(row.lagMs),
      row.runs.toLocaleString("en"),
      row.rows.toLocaleString("en"),
      minuteOf(row.lastRunAt),
      row.quarantinedRows.toLocaleString("en"),
      row.daysProven.toLocaleString("en"),
      row.daysInDispute.toLocaleString("en"),
      row.daysUnverified.toLocaleString("en"),
    ]);
  }
  return table.toString();
}

function minuteOf(instant: Date | null): string {
  return instant?.toISOString().slice(0, 16).replace("T", " ") ?? "–";
}

function durationOf(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24];
  if (days > 0) {
    return `${days} d ${hours} h`;
  }
  return hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
}
