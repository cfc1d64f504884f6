import {
  DatabaseSetUpError,
  EMBEDDED_FOLDER,
  HistoryError,
  openHistory,
  rehearseMigration,
  settingsPinnedOver,
  visitEmbeddedPostgres,
  whyUnwritable,
  type History,
} from "@runledger/history";
import { ok, problem, warning, type Finding } from "./finding.ts";

/**
 * Whether the database answers, can be written to, and has the schema or lets it be made: that is rehearsed in a
 * transaction which is rolled back. An embedded Postgres that was started for it is stopped again.
 */
export async function checkDatabase(databaseUrl: string | null): Promise<Finding[]> {
  try {
    if (databaseUrl !== null) {
      return await checkHistory(databaseUrl, "");
    }
    await using visit = await visitEmbeddedPostgres(EMBEDDED_FOLDER);
    const place = visit.isTrial
      ? ", embedded: there is none yet, one was started elsewhere for a moment"
      : `, embedded, in ${EMBEDDED_FOLDER}`;
    return await checkHistory(visit.url, place);
  } catch (error) {
    return [problemOf("database", error)];
  }
}

async function checkHistory(url: string, place: string): Promise<Finding[]> {
  await using history = await openHistory({
    url,
    applicationName: "runledger-ingest doctor",
    maxConnections: 1,
  });
  const version = await checkVersion(history, place);
  const unwritable = await checkWriting(history);
  if (version.state !== "ok" || unwritable !== null) {
    return [version, ...(unwritable === null ? [] : [unwritable])];
  }
  const migrations = await checkMigrations(history);
  const rights =
    migrations.state === "ok"
      ? [ok(WRITING, "all tables can be written"), await checkReaderRole(history)]
      : [];
  return [version, ...(await checkSettings(history)), migrations, ...rights];
}

function problemOf(check: string, error: unknown): Finding {
  if (!(error instanceof HistoryError)) {
    throw error;
  }
  const mend = "Check DATABASE_URL and that Postgres is up; without DATABASE_URL an embedded one is used.";
  return error instanceof DatabaseSetUpError
    ? problem(check, error.message, {
        mend: "Do what it says, then run ingest doctor again.",
        lies: "in the set-up",
      })
    : problem(check, error.message, { mend, lies: "around it" });
}

const OLDEST_VERSION = 15;

async function checkVersion({ pool, isPooled }: History, place: string): Promise<Finding> {
  const { rows } = await pool.query<{ version: string }>(
    "select current_setting('server_version') as version",
  );
  const version = rows[0]?.version ?? "";
  const text = `Postgres ${version}${place}${isPooled ? ", behind a pooler" : ""}`;
  return Number.parseInt(version, 10) >= OLDEST_VERSION
    ? ok("database", text)
    : problem("database", `${text} is too old`, {
        mend: `Use Postgres ${OLDEST_VERSION} or newer.`,
        lies: "in the set-up",
      });
}

/** Null when it can be written to, as far as it is there. */
async function checkWriting(history: History): Promise<Finding | null> {
  const reason = await whyUnwritable(history);
  return reason && problem(WRITING, reason.text, { mend: reason.mend, lies: "in the set-up" });
}

const WRITING = "rights to write";

/** Odd settings are harmless, as they are pinned; whoever looks with psql may wonder. */
async function checkSettings(history: History): Promise<Finding[]> {
  const settings = await settingsPinnedOver(history);
  return settings.length === 0
    ? []
    : [ok("settings", `Runledger works with its own instead of ${settings.join(", ")}`)];
}

async function checkMigrations({ db }: History): Promise<Finding> {
  const check = "migrations";
  try {
    const { applied } = await rehearseMigration(db);
    return applied.length === 0
      ? ok(check, "the schema is up to date")
      : warning(
          check,
          `not applied: ${applied.join(", ")}; rehearsed and rolled back, they can be`,
          "Run ingest migrate; a sync does it, too.",
        );
  } catch (error) {
    return problemOf(check, error);
  }
}

async function checkReaderRole({ pool }: History): Promise<Finding> {
  const check = "role runledger_reader";
  const { rows: roles } = await pool.query("select from pg_roles where rolname = 'runledger_reader'");
  if (roles.length === 0) {
    const mend = "As an administrator: create role runledger_reader nologin. Then run ingest migrate.";
    return warning(check, "does not exist, so nobody can be given the right to read alone", mend);
  }
  const { rows } = await pool.query<{ relation: string }>(
    `select c.relname as relation
     from pg_class c
     where c.relnamespace = 'runledger'::regnamespace and c.relname = any($1)
       and not (has_schema_privilege('runledger_reader', 'runledger', 'usage')
                and has_table_privilege('runledger_reader', c.oid, 'select'))
     order by c.relname`,
    [FOR_READERS],
  );
  return rows.length === 0
    ? ok(check, "may read the history")
    : warning(
        check,
        `may not read ${rows.map((row) => row.relation).join(", ")}`,
        "As the owner: grant usage on schema runledger and select on these to runledger_reader.",
      );
}

/** The relations that are for SQL users. */
const FOR_READERS = [
  "pipelines",
  "tasks",
  "task_runs",
  "runs",
  "period_stats",
  "stat_snapshots",
  "daily_runs",
  "coverage",
  "disagreements",
  "quarantined_rows",
  "syncs",
  "sla_results",
  "incidents",
  "deliveries",
];
