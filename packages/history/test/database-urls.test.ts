import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { userInfo, tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { needsProgram } from "@runledger/testing/needs-program";
import { selfSigned } from "@runledger/testing/self-signed";
import pg from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { openHistory } from "../src/index.ts";
import { startPgBouncer } from "../src/testing/pgbouncer.ts";
import { createTestHistory, onServer, type TestHistory } from "../src/testing/test-history.ts";
import { startTestServer } from "../src/testing/test-server.ts";
import { startTlsFront, type Front } from "../src/testing/tls-front.ts";

const pgbouncer = needsProgram("pgbouncer");
const PAGE = join(import.meta.dirname, "../../../docs/operating.md");

let history: TestHistory;
let front: Front;
let folder: string;
beforeAll(async () => {
  history = await createTestHistory();
  front = await startTlsFront(history.url, selfSigned);
  folder = await mkdtemp(join(tmpdir(), "runledger-urls-"));
  await writeFile(join(folder, "ca.pem"), selfSigned.cert);
});
afterAll(async () => {
  await front[Symbol.asyncDispose]();
  await history[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** The URLs of the page's table, with what is here for the names that stand for something. */
async function urlsOfThePage(): Promise<string[]> {
  const page = await readFile(PAGE, "utf8");
  return [...page.matchAll(/^\| `(postgres:[^`]+)` \|/gmu)].map(([, url = ""]) => url);
}

function here(url: string): string {
  const { user, password, database } = new pg.Client(history.url);
  const login = password ? `${user}:${encodeURIComponent(password)}` : String(user);
  return url
    .replace("runledger:PASSWORD@", `${login}@`)
    .replace(/@(?:db\.acme\.example|10\.0\.0\.7:5432)/u, `@localhost:${front.port}`)
    .replace("/etc/ssl/acme-ca.pem", join(folder, "ca.pem"))
    .replace(/\/runledger(?=$|\?)/u, `/${database}`);
}

async function answers(url: string): Promise<void> {
  await using opened = await openHistory({ url });
  const { rows } = await opened.pool.query("select current_database() as database");
  expect(rows).toEqual([{ database: new pg.Client(history.url).database }]);
}

test("opens every DATABASE_URL that the page shows", async () => {
  const trusted = getCACertificates("default");
  setDefaultCACertificates([...trusted, selfSigned.cert]);
  onTestFinished(() => setDefaultCACertificates(trusted));
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => void warnings.push(warning);
  process.on("warning", onWarning);
  onTestFinished(() => void process.off("warning", onWarning));
  const urls = await urlsOfThePage();
  expect(urls.length).toBeGreaterThan(7);
  const encrypted: string[] = [];
  for (const url of urls) {
    if (url.includes("pooler")) {
      if (!pgbouncer.isMissing) {
        await using pooler = await startPgBouncer(pgbouncer.path, history.url, "transaction");
        await answers(pooler.url);
      }
    } else if (url.includes("var")) {
      await answersOnSocket(url);
    } else {
      const before = front.encrypted();
      await answers(here(url));
      if (front.encrypted() > before) {
        encrypted.push(url);
      }
    }
  }
  expect(encrypted).toEqual(urls.filter((url) => url.includes("sslmode")));
  expect(warnings).toEqual([]);
});

/** A server with a socket; on it this account has a database user of its own name, and both have one password. */
async function answersOnSocket(url: string): Promise<void> {
  const password = "socket";
  await using server = await startTestServer({ unix_socket_directories: tmpdir() }, { password });
  const { port, user } = new pg.Client(server.url);
  const client = new pg.Client(server.url);
  await client.connect();
  await client.query(`create role ${pg.escapeIdentifier(userInfo().username)} login password '${password}'`);
  await client.end();
  const before = { ...process.env };
  Object.assign(process.env, { PGPASSWORD: password, PGPORT: String(port) });
  delete process.env["USER"];
  try {
    const shown = url
      .replace("/var/run/postgresql", tmpdir())
      .replace("%2Fvar%2Frun%2Fpostgresql", encodeURIComponent(tmpdir()));
    await using opened = await openHistory({ url: shown });
    const { rows } = await opened.pool.query("select current_user as user, inet_client_addr() as address");
    expect(rows).toEqual([{ user: url.includes("runledger@") ? user : userInfo().username, address: null }]);
  } finally {
    process.env = before;
  }
}

test("takes the account's name for a user that the URL does not name", async () => {
  await expect(openHistory({ url: "postgres:///x?host=/nowhere" })).rejects.toThrow(
    /the socket in \/nowhere, database x: .*ENOENT/u,
  );
  const { USER, PGUSER } = process.env;
  delete process.env["USER"];
  delete process.env["PGUSER"];
  onTestFinished(() => void Object.assign(process.env, { ...(USER && { USER }), ...(PGUSER && { PGUSER }) }));
  const role = userInfo().username;
  await expect(openHistory({ url: `postgres://localhost:${front.port}/x?sslmode=disable` })).rejects.toThrow(
    new RegExp(`"?${role}"?|password`, "u"),
  );
});

test("says what to do about a certificate that nobody here trusts, or that is missing", async () => {
  await expect(openHistory({ url: here(`${PLAIN}?sslmode=verify-full`) })).rejects.toThrow(
    /self-signed certificate.*sslmode=verify-full&sslrootcert=/u,
  );
  await expect(openHistory({ url: here(`${PLAIN}?sslrootcert=/no/such/ca.pem`) })).rejects.toThrow(
    /cannot read .*\/no\/such\/ca\.pem.*ENOENT/u,
  );
  // The certificate is for localhost.
  const url = here(`${PLAIN}?sslmode=verify-full&sslrootcert=/etc/ssl/acme-ca.pem`);
  await expect(openHistory({ url: url.replace("localhost", "127.0.0.1") })).rejects.toThrow(/certificate's/u);
});

const PLAIN = "postgres://runledger:PASSWORD@db.acme.example/runledger";

test("says how to make a database that is not there", async () => {
  const url = new URL(here(PLAIN));
  url.pathname = `/absent_${process.pid}`;
  const failure = await openHistory({ url: url.href }).then(
    () => "",
    (error: Error) => error.message,
  );
  await onServer(/create database [^;]+/u.exec(failure)?.[0] ?? "");
  onTestFinished(() => onServer(`drop database absent_${process.pid} with (force)`));
  await using opened = await openHistory({ url: url.href });
  expect(opened.isPooled).toBe(false);
});
