import {
  drawTable,
  exitCode,
  printResult,
  widthOf,
  type Context,
  type ExitCode,
  type Line,
  type Span,
} from "@runledger/cli";
import { loadConfig } from "@runledger/config";
import {
  type CoverageState,
  openConfiguredHistory,
  type History,
  type HistoryDatabase,
} from "@runledger/history";
import type { ExpressionBuilder } from "kysely";
import type { StatusDocument } from "../sync/sync-documents.ts";
import { neverSeenText } from "../sync/prove/never-seen.ts";

/** Per pipeline of the configuration: how far it is synced, how far that lies back, rows, days that disagree. */
export async function status(context: Context): Promise<ExitCode> {
  const { environment, now } = context;
  const config = await loadConfig(environment.configPath);
  await using history = await openConfiguredHistory(environment.databaseUrl, "runledger-ingest status");
  const known = new Map((await readStatus(history, now())).map((row) => [row.uuid, row]));
  const lastErrors = await readLastErrors(history);
  const rows = config.pipelines.map(({ uuid, name }): StatusDocument => {
    const { uuid: _, ...figures } = known.get(uuid) ?? NEVER_SYNCED;
    const lastError = lastErrors.find((line) => line.startsWith(`${name}: `)) ?? null;
    return {
      pipeline: name,
      pipelineUuid: uuid,
      ...figures,
      lastError: lastError && lastError.slice(`${name}: `.length),
    };
  });
  printResult<StatusDocument[]>(context, {
    document: () => rows,
    lines: () => [
      ...drawStatus(rows, widthOf(context)),
      ...rows
        .filter(({ isNeverSeen }) => isNeverSeen)
        .map(({ pipeline, pipelineUuid }): Line => [
          { text: "!", style: "yellow" },
          ` ${neverSeenText(pipeline, pipelineUuid)}`,
        ]),
      ...rows
        .filter(({ answersSetAside }) => answersSetAside > 0)
        .map(({ pipeline, answersSetAside }): Line => [
          { text: "!", style: "yellow" },
          ` ${pipeline}: ${answersSetAside} answers of the log cannot be read; see runledger.set_aside_answers.`,
        ]),
      ...rows
        .filter(({ lastError }) => lastError !== null)
        .map(({ pipeline, lastError }): Line => [
          { text: "✖", style: "red" },
          ` ${pipeline}: the last sync did not end well: ${lastError}`,
        ]),
    ],
  });
  return exitCode.done;
}

const NEVER_SYNCED = {
  uuid: "",
  syncedThrough: null,
  lagMs: null,
  runs: 0,
  rows: 0,
  lastRunAt: null,
  rowsQuarantined: 0,
  answersSetAside: 0,
  daysProven: 0,
  daysDisputed: 0,
  daysUnverified: 0,
  isNeverSeen: false,
};

/** What went wrong in the last sync that ended, a line a pipeline. */
async function readLastErrors({ db }: History): Promise<string[]> {
  const last = await db
    .selectFrom("syncs")
    .select("error")
    .where("command", "=", "sync")
    .where("outcome", "<>", "running")
    .orderBy("sync_id", "desc")
    .limit(1)
    .executeTakeFirst();
  return last?.error?.split("\n") ?? [];
}

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
      eb
        .selectFrom("set_aside_answers as a")
        .whereRef("a.pipeline_uuid", "=", "p.pipeline_uuid")
        .select((answer) => answer.fn.countAll<number>().as("n"))
        .as("aside"),
      daysIn(eb, "proven"),
      daysIn(eb, "disputed"),
      daysIn(eb, "unverified"),
      daysIn(eb, "open"),
    ])
    .execute();
  return rows.map((row) => ({
    uuid: row.pipeline_uuid,
    syncedThrough: row.synced_through,
    lagMs: row.synced_through && now.getTime() - row.synced_through.getTime(),
    runs: row.runs ?? 0,
    rows: row.rows ?? 0,
    lastRunAt: row.last_run_at,
    rowsQuarantined: row.quarantined ?? 0,
    answersSetAside: row.aside ?? 0,
    daysProven: row.proven ?? 0,
    daysDisputed: row.disputed ?? 0,
    daysUnverified: row.unverified ?? 0,
    isNeverSeen:
      row.synced_through !== null && row.last_run_at === null && !row.proven && !row.disputed && !row.open,
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
function drawStatus(rows: readonly StatusDocument[], width: number): Line[] {
  const columns = [
    { title: "Pipeline" },
    { title: "Synced through (UTC)" },
    { title: "Lag", align: "right" },
    { title: "Runs", align: "right" },
    { title: "Rows", align: "right" },
    { title: "Last run (UTC)" },
    { title: "Days proven", align: "right" },
    { title: "In doubt" },
  ] as const;
  const cells = rows.map((row): Span[] => [
    row.pipeline,
    minuteOf(row.syncedThrough),
    row.lagMs === null ? { text: "never synced", style: "yellow" } : durationOf(row.lagMs),
    row.runs.toLocaleString("en"),
    row.rows.toLocaleString("en"),
    minuteOf(row.lastRunAt),
    row.daysProven.toLocaleString("en"),
    { text: doubtsOf(row), style: row.daysDisputed > 0 ? "red" : "yellow" },
  ]);
  return drawTable(columns, cells, width);
}

/** Empty when there are none. */
function doubtsOf({ daysDisputed, daysUnverified, rowsQuarantined }: StatusDocument): string {
  const doubts = [
    [daysDisputed, "days disputed"],
    [daysUnverified, "days unverified"],
    [rowsQuarantined, "rows unreadable"],
  ] as const;
  return doubts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count.toLocaleString("en")} ${what}`)
    .join(", ");
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
