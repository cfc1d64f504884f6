import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exitCode } from "@runledger/cli";
import { migrate, openHistory } from "@runledger/history";
import { createTestDatabase, onServer } from "@runledger/history/testing";
import { startPgBouncer } from "@runledger/history/testing/pgbouncer";
import { needsProgram } from "@runledger/testing/needs-program";
import { SourceHistory, startSandbox } from "@runledger/ylem-sandbox";
import { SMTPServer } from "smtp-server";
import { expect, onTestFinished, test } from "vitest";
import { doctor } from "../src/commands/doctor.ts";
import { commandContext, configFolder } from "./sync-fixture.ts";

const NOW = new Date("2026-03-04T06:00:00Z");
const pgbouncer = needsProgram("pgbouncer");

/** What doctor says of a database, in a set-up in which the rest is well. */
async function check(url: string | null, mail: { smtpUrl?: string; mailFrom?: string } = {}) {
  await using sandbox = await startSandbox({ history: new SourceHistory(), clock: () => NOW });
  await using config = await configFolder({ orders: "7b1c0f7e-0000-4000-8000-000000000001" });
  const context = commandContext({ history: { url: url ?? "" }, sandbox, config: config.path, now: NOW });
  const environment = { ...context.environment, databaseUrl: url, ...mail };
  const code = await doctor({ ...context, environment, ylemOptions: { sleep: async () => {} } });
  return { code, out: context.printed.out };
}

/** An empty database, gone with the test. */
async function emptyDatabase(template?: string): Promise<{ name: string; url: string }> {
  const name = `doctor_${randomUUID().replaceAll("-", "")}`;
  const url = await createTestDatabase(name, template);
  onTestFinished(() => onServer(`drop database ${name} with (force)`));
  return { name, url };
}

test("sees a role that may not create, gives the statement, and is content after it", async () => {
  const { name, url } = await emptyDatabase();
  const role = `limited_${randomUUID().replaceAll("-", "")}`;
  await onServer(`create role ${role} login password 'pw'`);
  onTestFinished(async () => {
    await onServer(`revoke all on database ${name} from ${role}`);
    await onServer(`drop role ${role}`);
  });
  const limited = new URL(url);
  limited.username = role;
  limited.password = "pw";
  const { code, out } = await check(limited.href);
  expect(out).toMatch(/✖ migrations .*permission denied for database.*grant create on database/u);
  expect(out).not.toContain("pw@");
  expect(code).toBe(exitCode.usage);
  await onServer(/grant create on database [^;]+/u.exec(out)?.[0] ?? "");
  const after = await check(limited.href);
  expect(after.out).toMatch(/! migrations +not applied: 0001_history.*rehearsed/u);
  expect(after.code).toBe(exitCode.done);
});

test("sees a database that may only be read, empty or not", async () => {
  const { name, url } = await emptyDatabase();
  for (const isMigrated of [false, true]) {
    if (isMigrated) {
      await using history = await openHistory({ url });
      await migrate(history.db);
    }
    await onServer(`alter database ${name} set default_transaction_read_only = on`);
    const { code, out } = await check(url);
    expect(out).toMatch(/✖ rights to write +the database may only be read\n +→ .*alter database/u);
    expect(code).toBe(exitCode.usage);
    await onServer(/alter database [^;]+/u.exec(out)?.[0] ?? "");
    expect((await check(url)).code).toBe(exitCode.done);
  }
});

test("sees an encoding that cannot hold every text", async () => {
  const { url } = await emptyDatabase("template0 encoding 'LATIN1'");
  const { code, out } = await check(url);
  expect(out).toMatch(/✖ database .*LATIN1.*encoding 'UTF8'/u);
  expect(code).toBe(exitCode.usage);
});

test("names the odd settings that it works around", async () => {
  const { name, url } = await emptyDatabase();
  await onServer(`alter database ${name} set datestyle = 'SQL, DMY'`);
  const { code, out } = await check(url);
  expect(out).toMatch(/✔ settings .*datestyle=SQL, DMY/iu);
  expect(code).toBe(exitCode.done);
});

test("sees a schema that is newer, with both versions", async () => {
  const { url } = await emptyDatabase();
  await using history = await openHistory({ url });
  await migrate(history.db);
  await history.pool.query(
    `insert into runledger.kysely_migration values ('9999_later', 'then');
     comment on schema runledger is 'of a later version'`,
  );
  const { code, out } = await check(url);
  expect(out).toMatch(/✖ migrations .*9999_later.*00\d\d_/u);
  expect(code).toBe(exitCode.usage);
});

test.skipIf(pgbouncer.isMissing)("says which pooler it can work behind", async () => {
  const { url } = await emptyDatabase();
  {
    await using pooler = await startPgBouncer(pgbouncer.path, url, "transaction");
    const { code, out } = await check(pooler.url);
    expect(out).toMatch(/✔ database .*behind a pooler/u);
    expect(out).toMatch(/! migrations +not applied/u);
    expect(code).toBe(exitCode.done);
  }
  await using pooler = await startPgBouncer(pgbouncer.path, url, "statement");
  const { code, out } = await check(pooler.url);
  expect(out).toMatch(/✖ database .*statement mode/u);
  expect(code).toBe(exitCode.usage);
});

test.each([
  ["postgres://me:s3/cret@db/x"],
  ["postgres://me:12/s3cret@db:5432/x"],
  ["postgres://me:s3#cret@db/x"],
  ["postgres://me:s3?cret@db/x"],
  ["postgres://me:s3@cret@127.0.0.1:1/x"],
])("shows nothing of %s", async (url) => {
  const { code, out } = await check(url);
  expect(out).toMatch(/✖ database .*percent-encode/u);
  expect(out).not.toMatch(/s3|cret|12\//u);
  expect(code).not.toBe(exitCode.done);
});

test("leaves no Postgres and no folder behind where there was none", async () => {
  const folder = await mkdtemp(join(tmpdir(), "runledger-doctor-"));
  const before = process.cwd();
  process.chdir(folder);
  onTestFinished(async () => {
    process.chdir(before);
    await rm(folder, { recursive: true });
  });
  const trials = async () => (await readdir(tmpdir())).filter((name) => name.startsWith("runledger-trial-"));
  const others = await trials();
  const { code, out } = await check(null);
  expect(out).toMatch(/✔ database .*embedded: there is none yet/u);
  expect(out).toMatch(/! migrations +not applied: 0001_history/u);
  expect(code).toBe(exitCode.done);
  expect(await readdir(folder)).toEqual([]);
  expect((await trials()).filter((name) => !others.includes(name))).toEqual([]);
});

test("tries the mail server's login, and says what it offers", async () => {
  const { url } = await emptyDatabase();
  expect((await check(url)).out).toMatch(/✔ mail +SMTP_URL is not set/u);
  const server = new SMTPServer({ disabledCommands: ["STARTTLS"], authMethods: ["XOAUTH2"] });
  server.on("error", () => {});
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  onTestFinished(() => new Promise((closed) => server.close(closed)));
  const address = server.server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const smtpUrl = `smtp://me:s3cret@127.0.0.1:${port}`;
  expect(await check(url, { smtpUrl })).toMatchObject({
    code: exitCode.usage,
    out: expect.stringContaining("MAIL_FROM is not"),
  });
  const { code, out } = await check(url, { smtpUrl, mailFrom: "sla@acme.example" });
  expect(out).toMatch(/✖ mail .*XOAUTH2 only.*PLAIN, LOGIN, CRAM-MD5/u);
  expect(out).not.toContain("s3cret");
  expect(code).toBe(exitCode.usage);
  const gone = await check(url, { smtpUrl: "smtp://me:s3cret@127.0.0.1:1", mailFrom: "sla@acme.example" });
  expect(gone).toMatchObject({ code: exitCode.partial, out: expect.stringContaining("ECONNREFUSED") });
});
