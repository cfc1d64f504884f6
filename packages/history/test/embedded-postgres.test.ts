import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, statSync } from "node:fs";
import {
  chmod,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { needsProgram } from "@runledger/testing/needs-program";
import pg from "pg";
import { beforeAll, expect, onTestFinished, test, vi } from "vitest";
import {
  deleteEmbeddedPostgres,
  migrate,
  openHistory,
  psqlCommand,
  startEmbeddedPostgres,
  stopEmbeddedPostgres,
} from "../src/index.ts";
import { findPlace } from "../src/embedded/embedded-place.ts";
import { serverAccount } from "../src/embedded/server-account.ts";
import { findServer, spawnServer, type ServerProcess } from "../src/embedded/server-process.ts";
import { freePort, startTestServer } from "../src/testing/test-server.ts";

const run = promisify(execFile);
const psql = needsProgram("psql");

const isRoot = process.getuid?.() === 0;
if (!isRoot) {
  process.stderr.write(
    "\nLEFT OUT: tests that try from another account, which only root can make. Run them as root.\n\n",
  );
}

async function dataFolder(name = ""): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "runledger-embedded-"));
  const data = join(folder, name, ".runledger", "postgres");
  onTestFinished(async () => {
    await deleteEmbeddedPostgres(data);
    await rm(folder, { recursive: true, force: true });
  });
  return data;
}

/** One for all tests that leave it as it is, below a folder whose name wants quoting everywhere. */
let shared: { data: string; url: string };
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "runledger-embedded-"));
  const data = join(folder, `it's "odd", a \\ in 日本 and $HOME`, ".runledger", "postgres");
  vi.stubEnv("YLEM_CLIENT_SECRET", "not for the server");
  shared = { data, url: await startEmbeddedPostgres(data) };
  vi.unstubAllEnvs();
  return async () => {
    await deleteEmbeddedPostgres(data);
    await rm(folder, { recursive: true, force: true });
  };
});

async function serverOf(data: string): Promise<ServerProcess> {
  const server = await findServer((await findPlace(data)).data);
  expect(server).not.toBeNull();
  return server ?? { pid: 0, socketFolder: "", network: "", isPreparing: false };
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  client.on("error", () => {});
  try {
    await client.connect();
    return (await client.query(text)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}

test("gives everyone who asks at the same time the one server", async () => {
  const data = await dataFolder();
  const urls = await Promise.all([1, 2, 3].map(() => startEmbeddedPostgres(data)));
  expect(new Set(urls).size).toBe(1);
});

test("keeps what was stored over a stop and a start", async () => {
  const data = await dataFolder();
  {
    await using history = await openHistory({ url: await startEmbeddedPostgres(data) });
    await migrate(history.db);
    await history.pool.query("create table runledger.kept as select 42 as answer");
  }
  expect(await stopEmbeddedPostgres(data)).toBe(true);
  expect(await stopEmbeddedPostgres(data)).toBe(false);
  if (isRoot) {
    // As if the account had been made since.
    const { data: place } = await findPlace(data);
    await run("chown", ["-R", "65533:65533", place, `${place}.socket`]);
  }
  await using history = await openHistory({ url: await startEmbeddedPostgres(data) });
  const { rows } = await history.pool.query("select answer from runledger.kept");
  expect(rows).toEqual([{ answer: 42 }]);
});

test("lets the application own its database and do nothing else", async () => {
  const { url } = shared;
  const [role] = await query(url, "select * from pg_roles where rolname = current_user");
  expect(role).toMatchObject({
    rolsuper: false,
    rolcreaterole: false,
    rolcreatedb: false,
    rolreplication: false,
    rolbypassrls: false,
  });
  await expect(query(url, "copy (select 1) to program 'true'")).rejects.toMatchObject({ code: "42501" });
  await expect(
    query(url, "create temporary table t (x text); copy t from program 'id'"),
  ).rejects.toMatchObject({ code: "42501" });
  await expect(query(url, "select pg_read_file('/etc/passwd')")).rejects.toMatchObject({ code: "42501" });
  await expect(query(url, "create role another")).rejects.toMatchObject({ code: "42501" });
  await expect(query(url, "select * from pg_authid")).rejects.toMatchObject({ code: "42501" });
  expect(await query(url, "show listen_addresses")).toEqual([{ listen_addresses: "" }]);
});

test("listens on a socket of its own account's alone, and lets in nobody without the password", async () => {
  const { data, url } = shared;
  const { pid, socketFolder } = await serverOf(data);
  const owner = (await serverAccount())?.uid ?? process.getuid?.();
  expect(await stat(socketFolder)).toMatchObject({ uid: owner, mode: 0o40700 });
  expect(await modeOf(join(data, ".."))).toBe(0o700);
  for (const file of await readdir(join(data, ".."))) {
    expect(await modeOf(join(data, "..", file)), file).toSatisfy((mode: number) => (mode & 0o077) === 0);
  }
  const password = decodeURIComponent(new pg.Client(url).password ?? "");
  await expect(query(url.replace(password, "runledger"), "select 1")).rejects.toMatchObject({
    code: "28P01",
  });
  await expect(query(url.replace(`:${password}`, ""), "select 1")).rejects.toThrow(
    "password must be a string",
  );
  const superuser = url.replace("postgres://runledger:", "postgres://runledger_superuser:");
  await expect(query(superuser, "select 1")).rejects.toMatchObject({ code: "28000" });
  expect(await tcpSocketsOf(pid)).toEqual([]);
});

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

/** The local addresses on which a process listens, from the kernel's tables. */
async function tcpSocketsOf(pid: number): Promise<string[]> {
  const links = await run("ls", ["-l", `/proc/${pid}/fd`]).then(({ stdout }) => stdout);
  const inodes = new Set([...links.matchAll(/socket:\[(\d+)\]/gu)].map(([, inode]) => inode));
  expect(inodes.size).toBeGreaterThan(0);
  const tables = await Promise.all(["tcp", "tcp6"].map((name) => readFile(`/proc/net/${name}`, "utf8")));
  return tables
    .flatMap((table) => table.split("\n").slice(1))
    .map((line) => line.trim().split(/\s+/u))
    .filter((fields) => inodes.has(fields[9]))
    .map((fields) => fields[1] ?? "");
}

test("converts a folder of earlier versions whose server still runs, and keeps its data", async () => {
  const data = await dataFolder();
  await mkdir(join(data, ".."), { recursive: true, mode: 0o755 });
  await chmod(join(data, "..", ".."), 0o755);
  await chmod(join(data, ".."), 0o755);
  await using old = await startTestServer({}, { password: "runledger", data });
  {
    await using history = await openHistory({ url: old.url });
    await migrate(history.db);
    await history.pool.query(`
      insert into runledger.suppressions (recipient) values ('kept@acme.example');
      create schema own; create table own.numbers (id serial primary key, x int);
      create view own.seen as select x from own.numbers; create type own.mood as enum ('well');
      create materialized view own.stored as select 1 as one; create domain own.day as date;
      create function own.three() returns int language sql as 'select 3';
      create procedure own.nothing() language sql as '';
      insert into own.numbers (x) values (7)`);
  }
  const before = await findServer(data);
  expect(await tcpSocketsOf(before?.pid ?? 0)).toHaveLength(1);

  const urls = await Promise.all([1, 2].map(() => startEmbeddedPostgres(data)));
  expect(new Set(urls).size).toBe(1);
  const [url = ""] = urls;
  expect(await query(url, "select recipient from runledger.suppressions")).toEqual([
    { recipient: "kept@acme.example" },
  ]);
  await expect(query(old.url, "select 1")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  await expect(query(url.replace(/:[^:@/]+@/u, ":runledger@"), "select 1")).rejects.toMatchObject({
    code: "28P01",
  });
  expect(await tcpSocketsOf((await serverOf(data)).pid)).toEqual([]);
  expect(await modeOf(join(data, ".."))).toBe(0o700);
  expect(await query(url, "select rolname from pg_roles where rolsuper")).toEqual([
    { rolname: "runledger_superuser" },
  ]);
  // All that may be changed without a superuser: every migration, and what was made beside.
  const rest = `select n.nspname || '.' || relname as name from pg_class c join pg_namespace n on n.oid = relnamespace
    where relowner = 10 and c.oid >= 16384 and nspname <> 'pg_toast'
    union all select proname::text from pg_proc where proowner = 10 and oid >= 16384
    union all select typname::text from pg_type where typowner = 10 and oid >= 16384 and typtype <> 'b'
      and typrelid not in (select oid from pg_class where relnamespace = 'pg_toast'::regnamespace)
    union all select nspname::text from pg_namespace where nspowner = 10 and oid >= 16384`;
  expect(await query(url, rest)).toEqual([]);
  await query(
    url,
    "insert into own.numbers (x) values (8); drop schema own cascade; drop schema runledger cascade",
  );
  await using history = await openHistory({ url });
  expect((await migrate(history.db)).applied).not.toEqual([]);
});

test("ends a server that somebody has opened to the network, and starts a private one", async () => {
  const data = await dataFolder();
  const url = await startEmbeddedPostgres(data);
  await stopEmbeddedPostgres(data);
  const place = await findPlace(data);
  const log = await open(place.log, "a");
  const server = await spawnServer(["-D", place.data, "-p", String(await freePort())], log.fd);
  await log.close();
  await vi.waitFor(async () => expect((await serverOf(data)).network).not.toBe(""), 10_000);
  expect(await startEmbeddedPostgres(data)).toBe(url);
  expect((await serverOf(data)).pid).not.toBe(server.pid);
  expect(await tcpSocketsOf((await serverOf(data)).pid)).toEqual([]);
});

test("makes a new password where the old one is lost", async () => {
  const data = await dataFolder();
  const first = await startEmbeddedPostgres(data);
  await query(first, "create table kept as select 1");
  await rm(`${data}.password`);
  const second = await startEmbeddedPostgres(data);
  expect(second).not.toBe(first);
  expect(await query(second, "select 1 from kept")).toHaveLength(1);
  await expect(query(first, "select 1")).rejects.toMatchObject({ code: "28P01" });
});

test("works below a folder with a comma, at which psql and Postgres would end the socket's name", async () => {
  const data = await dataFolder("this, that");
  expect(await query(await startEmbeddedPostgres(data), "select 1 as one")).toEqual([{ one: 1 }]);
});

test("starts again after a crash, and after its number went to another program", async () => {
  const data = await dataFolder();
  await query(await startEmbeddedPostgres(data), "create table kept as select 1");
  const { pid } = await serverOf(data);
  process.kill(pid, "SIGKILL");
  await startEmbeddedPostgres(data);
  expect((await serverOf(data)).pid).not.toBe(pid);
  await stopEmbeddedPostgres(data);
  const place = await findPlace(data);
  await writeFile(join(place.data, "postmaster.pid"), `${process.pid}\n${place.data}\n0\n5432\n/tmp\n\n`);
  expect(await stopEmbeddedPostgres(data)).toBe(false);
  expect(await query(await startEmbeddedPostgres(data), "select 1 from kept")).toHaveLength(1);
  await stopEmbeddedPostgres(data);
  await writeFile(join(place.data, "postmaster.pid"), "");
  await utimes(join(place.data, "postmaster.pid"), 1, 1);
  expect(await query(await startEmbeddedPostgres(data), "select 1 from kept")).toHaveLength(1);
});

test("works below a path too long for a socket, and when the short one was tidied away", async () => {
  const data = await dataFolder("x".repeat(120));
  await query(await startEmbeddedPostgres(data), "create table kept as select 1");
  await rm((await serverOf(data)).socketFolder, { recursive: true });
  expect(await query(await startEmbeddedPostgres(data), "select 1 from kept")).toHaveLength(1);
});

test.runIf(existsSync("/proc/self"))("does not try for ever where no folder can be made", async () => {
  for (const data of ["/proc/x/.runledger/postgres", "/proc/x", "/proc/self/fdinfo/x/y/postgres"]) {
    await expect(startEmbeddedPostgres(data), data).rejects.toThrow("cannot be set up: ");
  }
});

/** A file system of its own nearly everywhere, where root's data does not lie. */
const OTHER_DISK = "/dev/shm";
const hasOtherDisk = existsSync(OTHER_DISK) && statSync(OTHER_DISK).dev !== statSync("/var/lib").dev;

test.skipIf(!isRoot || !hasOtherDisk)(
  "moves data to another file system whenever it is killed, and leaves none of it behind",
  async () => {
    const folder = await mkdtemp(join(OTHER_DISK, "runledger-embedded-"));
    const data = join(folder, ".runledger", "postgres");
    onTestFinished(async () => {
      await deleteEmbeddedPostgres(data);
      await rm(folder, { recursive: true, force: true });
    });
    await chmod(folder, 0o755);
    await mkdir(join(data, ".."), { mode: 0o755 });
    {
      await using old = await startTestServer({}, { password: "runledger", data });
      await query(old.url, "create table kept as select x from generate_series(1, 100000) x");
    }
    const entries = async (): Promise<string[]> => {
      const { elsewhere } = await findPlace(data);
      return elsewhere === null ? [] : readdir(elsewhere);
    };
    // In the middle of the copy; when it is whole; when it has its place and the old one is still there or partly so.
    const moments = [
      (names: string[]) => names.some((name) => name.startsWith("data.")),
      (names: string[]) => names.includes("data.copied"),
      (names: string[]) => names.includes("data"),
    ];
    for (const isMoment of moments) {
      const child = fork(join(import.meta.dirname, "start-process.ts"), [data], { silent: true });
      const exit = once(child, "exit");
      while (!isMoment(await entries()) && child.exitCode === null) {
        await wait(1);
      }
      child.kill("SIGKILL");
      await exit;
      const isMoved = (await entries()).includes("data");
      const whole = isMoved ? (await findPlace(data)).data : data;
      expect(existsSync(join(whole, "PG_VERSION"))).toBe(true);
    }
    // As if the last kill had come before anything was deleted.
    await mkdir(data, { recursive: true });
    await writeFile(join(data, "PG_VERSION"), "18");
    const place = await findPlace(data);
    await stopEmbeddedPostgres(data);
    await writeFile(`${place.data}.copied`, "");

    const url = await startEmbeddedPostgres(data);
    expect(await query(url, "select count(*)::int as rows, sum(x)::text from kept")).toEqual([
      { rows: 100_000, sum: "5000050000" },
    ]);
    expect(existsSync(data)).toBe(false);
    expect((await entries()).toSorted()).toEqual(["data", "data.socket"]);

    // What is no copy's original is nobody's to delete.
    await stopEmbeddedPostgres(data);
    await mkdir(data);
    await writeFile(join(data, "PG_VERSION"), "of somebody else");
    await startEmbeddedPostgres(data);
    expect(await readFile(join(data, "PG_VERSION"), "utf8")).toBe("of somebody else");
  },
  60_000,
);

test.skipIf(!isRoot)("says what to install where the program that leaves root is missing", async () => {
  const data = await dataFolder();
  vi.stubEnv("PATH", join(data, "nothing"));
  try {
    await expect(startEmbeddedPostgres(data)).rejects.toThrow(
      /setpriv is missing: install the package util-linux/u,
    );
  } finally {
    vi.unstubAllEnvs();
  }
});

test.skipIf(!isRoot)(
  "says so where the data that root's server kept elsewhere is gone, and makes no empty one",
  async () => {
    const data = await dataFolder();
    await startEmbeddedPostgres(data);
    await stopEmbeddedPostgres(data);
    const place = await findPlace(data);
    await rm(place.elsewhere ?? "", { recursive: true });
    await expect(startEmbeddedPostgres(data)).rejects.toThrow(`lay in ${place.data}, which is gone`);
  },
);

test.skipIf(!isRoot || psql.isMissing)("is closed to another account, even with the password", async () => {
  const { data, url } = shared;
  const { host, password } = new pg.Client(url);
  const place = await findPlace(data);
  const inData = join(place.data, "PG_VERSION");
  const env = { ...process.env, PGPASSWORD: password ?? "" };
  const connect = [psql.path, "-c", "select 1", "-U", "runledger", "-d", "runledger", "-h"];
  // The same commands succeed as root, so what fails below fails for the account.
  await run("cat", [place.passwordFile, inData]);
  await run(psql.path, [...connect.slice(1), host], { env });

  const { uid: own = 0 } = (await serverAccount()) ?? {};
  const other = String(own === 65_534 ? 65_533 : 65_534);
  const asOther = (command: string[]): Promise<unknown> =>
    run("setpriv", ["--reuid", other, "--regid", other, "--clear-groups", ...command], { env, cwd: "/" });
  await asOther([psql.path, "--version"]);
  await expect(asOther([...connect, host])).rejects.toThrow("Permission denied");
  for (const path of [place.passwordFile, place.log, inData, join(data, "..")]) {
    await expect(asOther(["cat", path]), path).rejects.toThrow("Permission denied");
  }
  await expect(asOther(["ls", host])).rejects.toThrow("Permission denied");
});

test.skipIf(!isRoot)("runs without any capability and without secrets where root starts it", async () => {
  const { data } = shared;
  const environment = await readFile(`/proc/${(await serverOf(data)).pid}/environ`, "utf8");
  expect(environment).toContain("PATH=");
  expect(environment).not.toContain("not for the server");
  const status = await readFile(`/proc/${(await serverOf(data)).pid}/status`, "utf8");
  const fields = new Map(
    status
      .split("\n")
      .map((line) => line.split(/:\s*/u, 2))
      .map(([name, value]) => [name, value]),
  );
  for (const set of ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"]) {
    expect(fields.get(set), set).toBe("0000000000000000");
  }
  expect(fields.get("NoNewPrivs")).toBe("1");
  expect(fields.get("Groups")?.trim()).toBe("");
  const uid = String((await serverAccount())?.uid);
  expect(fields.get("Uid")?.split("\t")).toEqual([uid, uid, uid, uid]);
});

test.skipIf(psql.isMissing)("gives psql what it needs, from another folder", async () => {
  const command = psqlCommand(shared.data, shared.url);
  const { PGPASSWORD: _, ...env } = process.env;
  // As a shell reads the printed line, and where psql would ask it fails.
  const { stdout } = await run("sh", ["-c", `${command} -w -Atc 'select current_user'`], { cwd: "/", env });
  expect(stdout).toBe("runledger\n");
});
