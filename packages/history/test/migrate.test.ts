import { randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "kysely";
import { expect, test } from "vitest";
import { migrate, openHistory, pendingMigrations } from "../src/index.ts";
import { createTestDatabase, createTestHistory } from "../src/testing/test-history.ts";

const RELATIONS = Object.entries({
  pipelines: "pipeline_uuid name owner tags first_run_at last_run_at synced_through",
  tasks: "task_uuid pipeline_uuid name task_type first_seen_at last_seen_at",
  task_runs:
    "pipeline_uuid run_uuid task_uuid executed_at ordinal task_type is_successful duration_ms " +
    "metric_value output output_state",
  runs:
    "pipeline_uuid run_uuid started_at finished_at elapsed_ms task_duration_ms task_count " +
    "failed_task_count is_successful first_failed_task_uuid error_message",
  period_stats:
    "subject_kind subject_uuid period date_from date_to num_of_successes num_of_failures " +
    "average_duration_ms fetched_at",
  stat_snapshots:
    "subject_kind subject_uuid window_from window_to num_of_successes num_of_failures " +
    "average_duration_ms is_last_run_successful last_run_executed_at last_run_duration_ms " +
    "fetched_at",
  daily_runs: "pipeline_uuid day runs successes failures p50_ms p95_ms max_ms",
  coverage:
    "pipeline_uuid day state stored_runs source_runs stored_failures source_failures " +
    "stored_task_runs source_task_runs checked_at",
  disagreements: "pipeline_uuid day state",
  quarantined_rows: "pipeline_uuid reason row seen_at",
  syncs:
    "sync_id command started_at finished_at outcome requests rows_fetched rows_new " +
    "days_verified days_repaired error",
  sla_results:
    "agreement week revision objective pipeline_uuid kind target good total excluded attained " +
    "attained_raw allowed_bad budget_left burn_rate attained_4w verdict",
  incidents:
    "agreement objective pipeline_uuid opened_at closed_at bad_events first_failed_task_uuid " +
    "error_message",
  deliveries: "agreement week revision recipient status attempts message_id last_error sent_at",
  definitions: "agreement number applies_from definition_hash definition recorded_at",
  reports: "agreement week revision as_of data_through definition_hash inputs causes printed",
  suppressions: "recipient agreement reason suppressed_at",
}).map(([relation, columns]) => ({ relation, columns: columns.split(" ") }));

test("migrates once when several processes start at once, and leaves nothing pending", async () => {
  const url = await createTestDatabase(`empty_${randomUUID().replaceAll("-", "")}`);
  await using first = await openHistory({ url });
  await using second = await openHistory({ url });
  const results = await Promise.all([first, second, first, second].map(({ db }) => migrate(db)));
  const files = await readdir(join(import.meta.dirname, "../migrations"));
  const names = files.map((file) => file.replace(/\.sql$/u, "")).toSorted();
  expect(names[0]).toBe("0001_history");
  expect(results.flatMap((result) => result.applied)).toEqual(names);
  expect(await pendingMigrations(first.db)).toEqual([]);
});

test("makes every relation of the public interface with its columns", async () => {
  await using history = await createTestHistory();
  const { rows } = await history.pool.query<{ relation: string; column: string }>(
    `select table_name as relation, column_name as column
     from information_schema.columns where table_schema = 'runledger'`,
  );
  for (const { relation, columns } of RELATIONS) {
    const present = rows.filter((row) => row.relation === relation).map((row) => row.column);
    expect(present, relation).toEqual(expect.arrayContaining(columns));
  }
});

test("comments on every relation and every column", async () => {
  await using history = await createTestHistory();
  const { rows } = await history.pool.query(
    `select c.relname, a.attname
     from pg_class c
     join pg_attribute a on a.attrelid = c.oid and a.attnum >= 0 and not a.attisdropped
     where c.relnamespace = 'runledger'::regnamespace and c.relkind in ('r', 'v')
       and c.relname not like 'kysely%'
       and (col_description(c.oid, a.attnum) is null or obj_description(c.oid, 'pg_class') is null)`,
  );
  expect(rows).toEqual([]);
});

test("has pipeline_uuid in every primary key of a table that grows with runs", async () => {
  await using history = await createTestHistory();
  const { rows } = await history.pool.query<{ relation: string }>(
    `select conrelid::regclass::text as relation
     from pg_constraint
     where contype = 'p' and connamespace = 'runledger'::regnamespace
       and conkey[1] = (select attnum from pg_attribute where attrelid = conrelid and attname = 'pipeline_uuid')`,
  );
  const growing = [
    "task_runs",
    "runs",
    "period_stats",
    "stat_snapshots",
    "coverage",
    "quarantined_rows",
    "incidents",
  ];
  expect(rows.map((row) => row.relation.replace("runledger.", ""))).toEqual(expect.arrayContaining(growing));
});

test("lets runledger_reader read the history and nothing else", async () => {
  await using history = await createTestHistory();
  await history.db.connection().execute(async (db) => {
    await sql`set role runledger_reader`.execute(db);
    for (const { relation } of RELATIONS) {
      await sql`select * from ${sql.id("runledger", relation)}`.execute(db);
    }
    const forbidden = [
      sql`delete from runledger.runs`,
      sql`update runledger.pipelines set name = 'x'`,
      sql`create table runledger.mine (x int)`,
      sql`select * from runledger.kysely_migration`,
    ];
    for (const statement of forbidden) {
      await expect(statement.execute(db)).rejects.toThrow(/permission denied/u);
    }
    await sql`reset role`.execute(db);
  });
});

test("counts a day's runs and their nearest-rank percentiles", async () => {
  await using history = await createTestHistory();
  await history.pool.query(
    `insert into runledger.runs
     select '7b1c0f7e-0000-4000-8000-000000000001', gen_random_uuid(), at - make_interval(secs => n), at, n * 1000,
            n * 1000, null, 1, (n = 7)::int, n <> 7, null
     from generate_series(1, 10) n, lateral (select timestamptz '2026-03-10 23:59:59.999999Z' as at)`,
  );
  const days = await history.db.selectFrom("daily_runs").selectAll().execute();
  expect(days).toEqual([
    {
      pipeline_uuid: "7b1c0f7e-0000-4000-8000-000000000001",
      day: "2026-03-10",
      runs: 10,
      successes: 9,
      failures: 1,
      p50_ms: 5000,
      p95_ms: 10_000,
      max_ms: 10_000,
    },
  ]);
});

test("flags figures that are none among those kept so far, and has their days compared again", async () => {
  await using history = await createTestHistory();
  const pipeline = "7b1c0f7e-0000-4000-8000-000000000001";
  await history.pool.query(
    `insert into runledger.pipelines (pipeline_uuid, name) values ('${pipeline}', 'orders');
     insert into runledger.runs (pipeline_uuid, run_uuid, started_at, finished_at, elapsed_ms, task_duration_ms,
                                 task_count, failed_task_count, is_successful)
     values ('${pipeline}', gen_random_uuid(), '2026-03-01Z', '2026-03-01Z', 0, 9, 2, 2, false),
            ('${pipeline}', gen_random_uuid(), '2026-03-02Z', '2026-03-02Z', 0, 9, 2, 1, false);
     insert into runledger.period_stats
     select '${pipeline}', kind, '${pipeline}', 'day', day, day + interval '1 day', 0, 1, 9, now()
     from (values ('pipeline', '2026-03-01Z'::timestamptz), ('pipeline', '2026-03-02Z'), ('task', '2026-03-01Z')) v (kind, day);
     insert into runledger.coverage
     values ('${pipeline}', '2026-03-01', 'disputed', 1, 1, 2, 1, 2, 2, now()),
            ('${pipeline}', '2026-03-02', 'disputed', 1, 1, 1, 1, 2, 3, now())`,
  );
  const file = join(import.meta.dirname, "..", "migrations", "0014_unsound_days_so_far.sql");
  await history.pool.query(await readFile(file, "utf8"));
  const { rows: stats } = await history.pool.query(
    'select subject_kind as kind, date_from::date::text as day, is_sound as "isSound" from runledger.period_stats order by 2, 1',
  );
  expect(stats).toEqual([
    { kind: "pipeline", day: "2026-03-01", isSound: false },
    { kind: "task", day: "2026-03-01", isSound: true },
    { kind: "pipeline", day: "2026-03-02", isSound: true },
  ]);
  const { rows: days } = await history.pool.query(
    "select state, source_runs, source_failures, source_task_runs from runledger.coverage order by day",
  );
  expect(days).toEqual([
    { state: "unverified", source_runs: null, source_failures: null, source_task_runs: 2 },
    { state: "disputed", source_runs: 1, source_failures: 1, source_task_runs: 3 },
  ]);
});

test("makes one of ledger rows that a spelling told apart, and keeps what may have arrived", async () => {
  await using history = await createTestHistory();
  await history.pool.query(`
    alter table runledger.deliveries drop column recipient_key, add constraint deliveries_pkey primary key (agreement, week, revision, recipient);
    alter table runledger.notices drop column recipient_key, add constraint notices_pkey primary key (agreement, week, trouble, recipient);
    insert into runledger.deliveries (agreement, week, revision, recipient, status, attempts, message_id)
    values ('a', '2026-W12', 1, 'jo@acme.example', 'failed', 1, '<1>'), ('a', '2026-W12', 1, 'Jo@Acme.example', 'sent', 2, '<2>'),
           ('a', '2026-W12', 2, 'JO@acme.example', 'claimed', 4, '<3>'), ('b', '2026-W12', 1, 'JO@acme.example', 'sent', 8, '<4>');
    insert into runledger.notices (agreement, week, trouble, recipient, status)
    values ('a', '2026-W12', 'failed', 'jo@acme.example', 'failed'), ('a', '2026-W12', 'failed', 'Jo@acme.example', 'unknown')`);
  const file = join(import.meta.dirname, "..", "migrations", "0015_recipients.sql");
  await history.pool.query(await readFile(file, "utf8"));
  const { rows: deliveries } = await history.pool.query(
    "select message_id, status, attempts, recipient_key from runledger.deliveries order by message_id",
  );
  expect(deliveries.map((row) => Object.values(row))).toEqual([
    ["<2>", "sent", 3, "jo@acme.example"],
    ["<3>", "claimed", 4, "jo@acme.example"],
    ["<4>", "sent", 8, "jo@acme.example"],
  ]);
  const { rows: notices } = await history.pool.query("select status from runledger.notices");
  expect(notices).toEqual([{ status: "unknown" }]);
});

test("lets nobody who may only read hold up a migration by a lock, and says who has a transaction open", async () => {
  const name = `empty_${randomUUID().replaceAll("-", "")}`;
  const url = await createTestDatabase(name);
  await using history = await openHistory({ url });
  await migrate(history.db);
  await history.pool.query("comment on schema runledger is 'of an older version'");
  await using reader = await openHistory({ url, applicationName: "bi" });
  const session = await reader.pool.connect();
  await session.query("set role runledger_reader");
  // All numbers that were ever used here, by Runledger and by Kysely.
  await session.query(
    "select pg_advisory_lock(n) from unnest('{7265738801,7265738802,3853314791062309107}'::bigint[]) n",
  );
  await expect(session.query("select from runledger.kysely_migration_lock for update")).rejects.toThrow(
    /permission/u,
  );
  await expect(session.query("select from runledger.pipeline_leases for update")).rejects.toThrow(
    /permission/u,
  );
  await expect(session.query("select from runledger.pipeline_leases for key share")).rejects.toThrow(
    /permission/u,
  );
  await migrate(history.db);

  // To read, though, is to keep the table as it is.
  await history.pool.query("comment on schema runledger is 'of an older version'");
  await session.query("begin; lock table runledger.disagreements in access share mode");
  const { rows } = await session.query<{ pid: number }>("select pg_backend_pid() as pid");
  await expect(migrate(history.db, { lockTimeoutMs: 50, tries: 2 })).rejects.toThrow(
    new RegExp(`pid ${rows[0]?.pid} \\(user .*, bi\\).*pg_terminate_backend\\(${rows[0]?.pid}\\)`, "u"),
  );
  const migrating = migrate(history.db, { lockTimeoutMs: 100, tries: 50 });
  await session.query("select pg_sleep(0.3)");
  await session.query("commit");
  await migrating;
  session.release();
});
