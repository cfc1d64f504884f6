import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { needsProgram } from "@runledger/testing/needs-program";
import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import {
  DatabaseSetUpError,
  inTransaction,
  migrate,
  openConfiguredHistory,
  openHistory,
  openWritableHistory,
  rehearseMigration,
  SchemaVersionError,
  type History,
} from "../src/index.ts";
import { startPgBouncer } from "../src/testing/pgbouncer.ts";
import { createTestDatabase, onServer } from "../src/testing/test-history.ts";

const pgbouncer = needsProgram("pgbouncer");

/** A database of its own, gone with the test. */
async function database(settings: Record<string, string> = {}): Promise<{ name: string; url: string }> {
  const name = `setup_${randomUUID().replaceAll("-", "")}`;
  const url = await createTestDatabase(name);
  onTestFinished(() => onServer(`drop database ${name} with (force)`));
  for (const [setting, value] of Object.entries(settings)) {
    await onServer(`alter database ${name} set ${setting} = ${value}`);
  }
  return { name, url };
}

/** A role without rights, and the URL by which it logs in. */
async function roleFor(url: string): Promise<{ role: string; url: string }> {
  const role = `role_${randomUUID().replaceAll("-", "")}`;
  await onServer(`create role ${role} login password 'pw'`);
  const own = new URL(url);
  own.username = role;
  own.password = "pw";
  onTestFinished(async () => {
    const client = new pg.Client(url);
    await client.connect();
    await client.query(`drop owned by ${role} cascade`);
    await client.end();
    await onServer(`drop role ${role}`);
  });
  return { role, url: own.href };
}

const ODD_SETTINGS: Record<string, string>[] = [
  { datestyle: "'SQL, DMY'" },
  { datestyle: "'German'" },
  { datestyle: "'Postgres, MDY'" },
  {
    intervalstyle: "'sql_standard'",
    timezone: "'Asia/Kathmandu'",
    bytea_output: "'escape'",
    extra_float_digits: "'-15'",
    search_path: "'nowhere'",
    statement_timeout: "'200ms'",
    lock_timeout: "'10ms'",
    idle_session_timeout: "'300ms'",
    idle_in_transaction_session_timeout: "'200ms'",
    transaction_timeout: "'400ms'",
    default_transaction_isolation: "'serializable'",
    standard_conforming_strings: "'off'",
  },
];

/** What the code reads, with pauses in which a session that is not its own would end. */
async function readsAsWritten(history: History): Promise<void> {
  await migrate(history.db);
  const read = () =>
    history.pool.query(
      String.raw`select date '2026-03-01' as day, date '2026-03-01'::text as day_text,
              timestamptz '2026-03-01 12:00:00.123Z' as at, 0.1::float8 + 0.2::float8 as sum,
              '\x00ff5c'::bytea as bytes, '\x'::text as text, interval '1 day 2 hours'::text as span,
              current_setting('transaction_isolation') as isolation`,
    );
  const expected = {
    day: "2026-03-01",
    day_text: "2026-03-01",
    at: new Date("2026-03-01T12:00:00.123Z"),
    sum: 0.1 + 0.2,
    bytes: Buffer.from([0, 0xff, 0x5c]),
    text: String.raw`\x`,
    span: "1 day 02:00:00",
    isolation: "read committed",
  };
  expect((await read()).rows).toEqual([expected]);
  const session = await history.pool.connect();
  await session.query("select 1");
  await wait(500);
  await session.query("select 1");
  session.release();
  expect((await read()).rows).toEqual([expected]);
  await inTransaction(history, async ({ client }) => {
    await client.query("select pg_sleep(0.3)");
    await wait(300);
    const { rows } = await client.query("select date '2026-03-01'::text as day");
    expect(rows).toEqual([{ day: "2026-03-01" }]);
  });
}

test.each(ODD_SETTINGS)("reads what was written although the database has %o", async (settings) => {
  const { url } = await database(settings);
  await using history = await openHistory({ url });
  expect(history.isPooled).toBe(false);
  await readsAsWritten(history);
});

test.skipIf(pgbouncer.isMissing).each(ODD_SETTINGS)(
  "reads what was written through a pooler although the database has %o",
  async (settings) => {
    const { url } = await database(settings);
    await using pooler = await startPgBouncer(pgbouncer.path, url, "transaction");
    await using history = await openHistory({ url: pooler.url });
    expect(history.isPooled).toBe(true);
    await readsAsWritten(history);
    await expect(history.pool.query("select 1/0")).rejects.toThrow(/division/u);
    expect((await history.pool.query("select $1::int as n", [7])).rows).toEqual([{ n: 7 }]);
  },
);

test("says which right is missing and which statement gives it, and the statement does", async () => {
  const { url } = await database();
  const limited = await roleFor(url);
  await using history = await openHistory({ url: limited.url });
  const failure = await failureOf(migrate(history.db));
  expect(failure).toBeInstanceOf(DatabaseSetUpError);
  expect(failure.message).toMatch(/permission denied for database/u);
  await expect(rehearseMigration(history.db)).rejects.toThrow(
    /permission denied for database.*grant create/su,
  );
  const statement = /grant create on database [^;]+/u.exec(failure.message)?.[0] ?? "";
  await onServer(statement);
  expect((await rehearseMigration(history.db)).applied.length).toBeGreaterThan(0);
  expect((await migrate(history.db)).applied.length).toBeGreaterThan(0);
});

test("says that the database may only be read, and the statement that changes it works", async () => {
  const { url } = await database({ default_transaction_read_only: "on" });
  {
    await using history = await openHistory({ url });
    const failure = await failureOf(migrate(history.db));
    expect(failure).toBeInstanceOf(DatabaseSetUpError);
    expect(failure.message).toMatch(/read-only transaction/u);
    await onServer(/alter database [^;]+/u.exec(failure.message)?.[0] ?? "");
  }
  await using history = await openHistory({ url });
  expect((await migrate(history.db)).applied.length).toBeGreaterThan(0);
});

test("knows before it begins what it may not write, and the statements give it", async () => {
  const { url } = await database();
  const limited = await roleFor(url);
  await using history = await openHistory({ url });
  await migrate(history.db);
  const failure = await failureOf(openWritableHistory(limited.url, "test"));
  expect(failure).toBeInstanceOf(DatabaseSetUpError);
  expect(failure.message).toMatch(/may not write .*, runs, .*grant usage on schema/u);
  // Who may only read can still look.
  await history.pool.query(`grant runledger_reader to ${limited.role}`);
  await using reading = await openConfiguredHistory(limited.url, "test");
  await reading.pool.query("select from runledger.runs");
  for (const statement of failure.message.match(/grant [^;]+/gu) ?? []) {
    await history.pool.query(statement);
  }
  await using writing = await openWritableHistory(limited.url, "test");
  await writing.pool.query("delete from runledger.runs");
});

test("refuses a database whose encoding cannot hold every text", async () => {
  const name = `latin_${randomUUID().replaceAll("-", "")}`;
  const url = await createTestDatabase(name, "template0 encoding 'LATIN1'");
  onTestFinished(() => onServer(`drop database ${name} with (force)`));
  await expect(openHistory({ url })).rejects.toThrow(
    /encoding LATIN1.*create database runledger encoding 'UTF8'/u,
  );
});

test("leaves nothing of a rehearsal", async () => {
  const { url } = await database();
  await using history = await openHistory({ url });
  expect((await rehearseMigration(history.db)).applied[0]).toBe("0001_history");
  const { rows } = await history.pool.query("select to_regnamespace('runledger') as schema");
  expect(rows).toEqual([{ schema: null }]);
});

test("touches nothing of a schema that is newer, and names both versions", async () => {
  const { url } = await database();
  await using history = await openHistory({ url });
  await migrate(history.db);
  await history.pool.query(
    `insert into runledger.kysely_migration values ('9999_from_the_future', '2027-01-01');
     create or replace view runledger.daily_runs as
       select pipeline_uuid, day, runs, successes, failures, p50_ms, p95_ms, max_ms, 1 as newer
       from (${await definitionOf(history, "daily_runs")}) v;
     comment on schema runledger is 'Run history (migration 9999_from_the_future, views 9999 abc)'`,
  );
  const failure = await failureOf(migrate(history.db));
  expect(failure).toBeInstanceOf(SchemaVersionError);
  expect(failure.message).toMatch(/9999_from_the_future.*this code knows it up to 00\d\d_/u);
  await expect(rehearseMigration(history.db)).rejects.toThrow(SchemaVersionError);
  expect(await definitionOf(history, "daily_runs")).toContain("newer");
});

test("does not replace views that another version of the same migrations has made", async () => {
  const { url } = await database();
  await using history = await openHistory({ url });
  await migrate(history.db);
  const { rows } = await history.pool.query<{ comment: string }>(
    "select obj_description('runledger'::regnamespace, 'pg_namespace') as comment",
  );
  const comment = rows[0]?.comment ?? "";
  const say = (text: string) => history.pool.query(`comment on schema runledger is '${text}'`);
  // The same number with other views: a version beside this one.
  await say(comment.replace(/(, views \d+) \w+/u, "$1 0123456789ab"));
  await expect(migrate(history.db)).rejects.toThrow(SchemaVersionError);
  // A lower number is one that this code has known.
  await say(comment.replace(/, views \d+ \w+/u, ", views 0 0123456789ab"));
  expect(await migrate(history.db)).toEqual({ applied: [] });
  const after = await history.pool.query("select obj_description('runledger'::regnamespace) as comment");
  expect(after.rows).toEqual([{ comment }]);
});

async function failureOf(work: Promise<unknown>): Promise<Error> {
  const failure = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(failure instanceof Error)) {
    throw new Error("it did not fail");
  }
  return failure;
}

async function definitionOf({ pool }: History, view: string): Promise<string> {
  const { rows } = await pool.query<{ text: string }>(
    `select rtrim(pg_get_viewdef('runledger.${view}'::regclass), ';') as text`,
  );
  return rows[0]?.text ?? "";
}
