import {
  configuredUrl,
  EMBEDDED_FOLDER,
  HistoryError,
  openHistory,
  pendingMigrations,
  type History,
} from "@runledger/history";
import { ok, problem, warning, type Finding } from "./finding.ts";

/** Whether the database answers, has the schema, and gives the rights that are needed. Changes nothing in it. */
export async function checkDatabase(databaseUrl: string | null): Promise<Finding[]> {
  try {
    const url = await configuredUrl(databaseUrl);
    await using history = await openHistory({
      url,
      applicationName: "runledger-ingest doctor",
      maxConnections: 1,
    });
    const version = await checkVersion(history, databaseUrl === null);
    const migrations = await checkMigrations(history);
    return [version, migrations, ...(migrations.state === "ok" ? await checkRights(history) : [])];
  } catch (error) {
    if (!(error instanceof HistoryError)) {
      throw error;
    }
    const mend = "Check DATABASE_URL and that Postgres is up; without DATABASE_URL an embedded one is used.";
    return [problem("database", error.message, { mend, lies: "around it" })];
  }
}

const OLDEST_VERSION = 15;

async function checkVersion({ pool }: History, isEmbedded: boolean): Promise<Finding> {
  const { rows } = await pool.query<{ server_version: string }>("show server_version");
  const version = rows[0]?.server_version ?? "";
  const text = `Postgres ${version}${isEmbedded ? `, embedded, in ${EMBEDDED_FOLDER}` : ""}`;
  return Number.parseInt(version, 10) >= OLDEST_VERSION
    ? ok("database", text)
    : problem("database", `${text} is too old`, {
        mend: `Use Postgres ${OLDEST_VERSION} or newer.`,
        lies: "in the set-up",
      });
}

async function checkMigrations({ db }: History): Promise<Finding> {
  const pending = await pendingMigrations(db);
  return pending.length === 0
    ? ok("migrations", "the schema is up to date")
    : warning("migrations", `not applied: ${pending.join(", ")}`, "Run ingest migrate; a sync does it, too.");
}

async function checkRights(history: History): Promise<Finding[]> {
  return [await checkWriting(history), await checkReaderRole(history)];
}

async function checkWriting({ pool }: History): Promise<Finding> {
  const { rows } = await pool.query<{ user: string; relation: string }>(
    `select current_user as user, tablename as relation
     from pg_tables, unnest('{select,insert,update,delete}'::text[]) as needed (privilege)
     where schemaname = 'runledger'
     group by schemaname, tablename
     having not bool_and(has_table_privilege(format('%I.%I', schemaname, tablename), needed.privilege))
     order by tablename`,
  );
  const [first] = rows;
  if (first === undefined) {
    return ok("rights to write", "all tables can be written");
  }
  const tables = rows.map((row) => row.relation).join(", ");
  return problem("rights to write", `${first.user} may not write ${tables}`, {
    mend: `As the owner: grant select, insert, update, delete on all tables in schema runledger to "${first.user}".`,
    lies: "in the set-up",
  });
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
