import { spawn } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { createTestHistory, type TestHistory } from "@runledger/history/testing";
import { SourceHistory, startSandbox, type TaskRunRow } from "@runledger/ylem-sandbox";
import JSZip from "jszip";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, expect, test } from "vitest";

const ROOT = dirname(dirname(dirname(import.meta.dirname)));
const PIPELINE = "7b1c0f7e-0000-4000-8000-000000000001";
const HOUR_MS = 3_600_000;

/** A secret that is found nowhere by chance, with characters that have to be escaped in URLs. */
const canary = (name: string) => `${name}-${randomBytes(12).toString("hex")}+/=`;

const secrets: Record<string, string> = {
  clientSecret: canary("client"),
  outputKey: randomBytes(32).toString("hex"),
  databasePassword: canary("postgres"),
  smtpPassword: canary("smtp"),
  unsubscribeSecret: canary("unsubscribe"),
  proxyPassword: canary("proxy"),
};
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const dkimKey = privateKey.export({ type: "pkcs8", format: "pem" }).toString();

/** How a secret may look where it leaked. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // Of base64 only the middle is the same wherever the secret stands in what is encoded.
  const middles = [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), bytes])
      .toString("base64")
      .slice(4, -6),
  );
  return [
    secret,
    encodeURIComponent(secret),
    bytes.toString("hex"),
    bytes.toString("base64url").slice(0, -4),
    ...middles,
  ];
}

function leaksIn(place: string, content: string): string[] {
  const all = { ...secrets, dkim: dkimKey.split("\n")[5] ?? "" };
  return Object.entries(all).flatMap(([name, secret]) =>
    formsOf(secret).some((form) => content.includes(form)) ? [`${name} in ${place}`] : [],
  );
}

let folder: string;
let history: TestHistory;
let env: Record<string, string>;
/** What the API does: as it should, or refuse and send back all that it was sent. */
let api: "well" | "echo 401" | "echo 500" = "well";
const closings: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "runledger-canary-"));
  closings.push(() => rm(folder, { recursive: true }));
  const source = new SourceHistory();
  source.add(hourlyRuns());
  const sandbox = await startSandbox({ history: source, clientSecret: secrets["clientSecret"] ?? "" });
  closings.push(() => sandbox.close());
  history = await createTestHistory();
  closings.push(async () => history[Symbol.asyncDispose]());
  const role = `canary_${randomBytes(4).toString("hex")}`;
  await history.pool.query(`create role ${role} login superuser password '${secrets["databasePassword"]}'`);
  closings.push(() => history.pool.query(`drop owned by ${role}; drop role ${role}`));
  const database = new URL(history.url);
  database.username = role;
  database.password = encodeURIComponent(secrets["databasePassword"] ?? "");
  const mail = new SMTPServer({
    disabledCommands: ["STARTTLS"],
    onAuth: ({ password }, _session, done) =>
      password === secrets["smtpPassword"] ? done(null, { user: "me" }) : done(new Error("no such login")),
    onData: (stream, _session, done) => stream.on("end", done).resume(),
  });
  await new Promise<void>((listening) => mail.listen(0, "127.0.0.1", listening));
  closings.push(() => new Promise<void>((closed) => mail.close(closed)));
  const front = createServer((request, response) => void forward(sandbox.url, request, response));
  await new Promise<void>((listening) => front.listen(0, "127.0.0.1", listening));
  closings.push(() => new Promise<unknown>((closed) => front.close(closed)));
  const portOf = (server: { address: () => unknown }) => Object(server.address()).port;

  await writeFile(join(folder, "runledger.yaml"), CONFIG);
  await writeFile(join(folder, "dkim.pem"), dkimKey, { mode: 0o600 });
  env = {
    YLEM_BASE_URL: `http://127.0.0.1:${portOf(front)}/v1`,
    YLEM_CLIENT_ID: sandbox.clientId,
    YLEM_CLIENT_SECRET: secrets["clientSecret"] ?? "",
    YLEM_OUTPUT_KEY: secrets["outputKey"] ?? "",
    DATABASE_URL: database.href,
    SMTP_URL: `smtp://me:${encodeURIComponent(secrets["smtpPassword"] ?? "")}@127.0.0.1:${portOf(mail.server)}`,
    MAIL_FROM: "Runledger <sla@acme.example>",
    DKIM_DOMAIN: "acme.example",
    DKIM_SELECTOR: "canary",
    DKIM_PRIVATE_KEY_FILE: join(folder, "dkim.pem"),
    UNSUBSCRIBE_SECRET: secrets["unsubscribeSecret"] ?? "",
    NO_PROXY: "127.0.0.1",
    HTTPS_PROXY: `http://me:${encodeURIComponent(secrets["proxyPassword"] ?? "")}@127.0.0.1:9`,
  };
}, 60_000);
afterAll(async () => {
  for (const close of closings.toReversed()) await close();
});

/** To the sandbox and back; the token that it gives is a secret from then on. */
async function forward(
  sandboxUrl: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = request.url ?? "";
  if (api !== "well") {
    const status = api === "echo 401" ? 401 : 500;
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify({ error: "invalid_client", errors: [path, request.headers.authorization] }));
    return;
  }
  const { authorization } = request.headers;
  const answer = await fetch(new URL(path, sandboxUrl), {
    method: request.method ?? "GET",
    headers: authorization === undefined ? {} : { authorization },
  });
  const body = await answer.text();
  const [, token] = /"access_token":"([^"]+)"/u.exec(body) ?? [];
  if (token !== undefined) secrets[`token ${token.slice(0, 4)}`] = token;
  response.writeHead(answer.status, { "content-type": "application/json", date: new Date().toUTCString() });
  response.end(body);
}

/** Runs a command to its end; gives all it printed, and the command lines of its processes. */
async function run(app: "ingest" | "report", line: string, more: Record<string, string> = {}) {
  const child = spawn(process.execPath, [`${ROOT}/apps/${app}/src/main.ts`, ...line.split(" ")], {
    cwd: folder,
    env: {
      PATH: process.env["PATH"],
      HOME: folder,
      NODE_COMPILE_CACHE: join(ROOT, "node_modules", ".cache", "node"),
      LOG_LEVEL: "debug",
      ...env,
      ...more,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const commandLines = await commandLinesNow();
  child.stdout.on("data", (chunk: Buffer) => {
    if (chunk.includes("Ctrl-C ends it.")) child.kill("SIGINT");
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { code, printed: `${stdout}\n${stderr}`, commandLines };
}

async function commandLinesNow(): Promise<string> {
  const pids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/u.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")),
  );
  return lines.join("\n");
}

const unescapable = (password: string) => `postgres://me:${password}/and/more@127.0.0.1:1/runledger`;

test(
  "lets no secret into output, database, files or the process list, also where things fail",
  { timeout: 180_000 },
  async () => {
    const leaks: string[] = [];
    const tried: string[] = [];
    const command = async (app: "ingest" | "report", line: string, more: Record<string, string> = {}) => {
      const { code, printed, commandLines } = await run(app, line, more);
      tried.push(`${app} ${line}: ${code}`);
      leaks.push(
        ...leaksIn(`the output of ${app} ${line}`, printed),
        ...leaksIn("the process list", commandLines),
      );
      return code;
    };
    expect(await command("ingest", "doctor")).toBe(0);
    expect(await command("ingest", "sync")).toBe(0);
    expect(await command("ingest", "sync --json", { LOG_LEVEL: "info" })).toBe(0);
    await command("ingest", "verify");
    await command("ingest", "status --json");
    await command("ingest", "trigger orders");
    await command("report", "check");
    await command("report", "explain finance succeeds");
    expect(await command("report", "weekly --send --out reports")).toBe(0);
    await command("report", "preview --port 0 --out reports");
    await command("report", "deliveries");
    await command("report", "suppress x@acme.example");
    await command("report", "resend --failed --out reports");
    await writeFile(join(folder, "secret.txt"), secrets["clientSecret"] ?? "", { mode: 0o600 });
    const { YLEM_CLIENT_SECRET: _, ...others } = env;
    const whole = env;
    env = others;
    expect(await command("ingest", "sync", { YLEM_CLIENT_SECRET_FILE: join(folder, "secret.txt") })).toBe(0);
    env = whole;

    // What goes wrong tells most.
    api = "echo 401";
    for (const line of ["sync", "doctor", "trigger orders"]) {
      expect(await command("ingest", line)).not.toBe(0);
    }
    api = "echo 500";
    expect(await command("ingest", "doctor")).not.toBe(0);
    api = "well";
    const bad = { ...secrets };
    for (const url of [
      unescapable(bad["databasePassword"] ?? ""),
      `postgres://me:${bad["databasePassword"]}@x@127.0.0.1:1/db`,
      `postgres://me:${encodeURIComponent(bad["databasePassword"] ?? "")}@127.0.0.1:1/db`,
      `host=127.0.0.1 password=${bad["databasePassword"]}`,
      `mysql://me:${bad["databasePassword"]}@127.0.0.1/db`,
    ]) {
      for (const [app, line] of [
        ["ingest", "sync"],
        ["ingest", "doctor"],
        ["report", "weekly --send"],
      ] as const) {
        expect(await command(app, line, { DATABASE_URL: url })).not.toBe(0);
      }
    }
    const { port } = new URL(env["SMTP_URL"] ?? "");
    for (const url of [
      `smtp://you:${encodeURIComponent(`${bad["smtpPassword"]}wrong`)}@127.0.0.1:${port}`,
      `smtp://me:${bad["smtpPassword"]}/x@127.0.0.1:${port}`,
      `me:${bad["smtpPassword"]}@127.0.0.1`,
      `smtps://me:${encodeURIComponent(bad["smtpPassword"] ?? "")}@127.0.0.1:${port}`,
    ]) {
      await command("report", "preview --to x@acme.example", { SMTP_URL: url });
      await command("ingest", "doctor", { SMTP_URL: url });
    }
    await command("ingest", "sync", { YLEM_BASE_URL: `http://me:${bad["clientSecret"]}@127.0.0.1:1/v1` });
    await command("ingest", "sync", { YLEM_OUTPUT_KEY: `${bad["outputKey"]}00` });
    await command("ingest", "sync", { HTTPS_PROXY: `me:${bad["proxyPassword"]}@x`, NO_PROXY: "" });
    await command("report", "weekly", {
      DKIM_PRIVATE_KEY_FILE: "",
      DKIM_PRIVATE_KEY: dkimKey.slice(0, -200),
    });
    await command("ingest", "sync", { RUNLEDGER_CONFIG: join(folder, "dkim.pem") });

    leaks.push(...leaksIn("the database", await dumpOf(history)));
    for (const [path, content] of await filesBelow(folder)) leaks.push(...leaksIn(path, content));
    expect([...new Set(leaks)]).toEqual([]);
    expect(Object.keys(secrets).some((name) => name.startsWith("token"))).toBe(true);
    // All of it did happen.
    expect(tried.length).toBeGreaterThan(40);
  },
);

/** Every row of every table, as text. */
async function dumpOf({ pool }: TestHistory): Promise<string> {
  const { rows: tables } = await pool.query<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = 'runledger'",
  );
  const dumps = await Promise.all(
    tables.map(async ({ name }) => {
      const { rows } = await pool.query<{ row: string }>(`select t::text as row from runledger.${name} t`);
      return rows.map(({ row }) => row).join("\n");
    }),
  );
  expect(dumps.join("").length).toBeGreaterThan(10_000);
  return dumps.join("\n");
}

/** What the test itself wrote down is no leak. */
const OURS = new Set(["dkim.pem", "secret.txt"]);

/** Of all files their content; of workbooks that of their parts. */
async function filesBelow(start: string): Promise<[string, string][]> {
  const entries = await readdir(start, { recursive: true, withFileTypes: true });
  const found: [string, string][] = [];
  for (const entry of entries) {
    if (!entry.isFile() || OURS.has(entry.name)) continue;
    const bytes = await readFile(join(entry.parentPath, entry.name));
    found.push([entry.name, bytes.toString("latin1")]);
    if (!entry.name.endsWith(".xlsx")) continue;
    const parts = Object.values((await JSZip.loadAsync(bytes)).files);
    for (const part of parts) found.push([`${entry.name}/${part.name}`, await part.async("text")]);
  }
  expect(found.some(([name]) => name.endsWith(".xml"))).toBe(true);
  return found;
}

function hourlyRuns(): TaskRunRow[] {
  const now = Date.now();
  return Array.from({ length: 21 * 24 }, (_, hours) => {
    const micros = BigInt(now - (hours + 1) * HOUR_MS) * 1000n;
    return {
      pipelineUuid: PIPELINE,
      runUuid: `95295cbc-cee7-49cc-a11a-${String(hours).padStart(12, "0")}`,
      taskUuid: "1f0d3b52-0000-4000-8000-000000000002",
      taskType: "query",
      isSuccessful: hours % 9 > 0,
      durationMs: 60_000,
      output: Buffer.from(JSON.stringify([{ code: 1, severity: "error", message: "no table" }])).toString(
        "base64",
      ),
      metricValue: 0,
      executedAtMicros: micros,
      visibleAtMicros: micros,
    };
  });
}

const since = new Date(Date.now() - 20 * 24 * HOUR_MS).toISOString().slice(0, 10);
const CONFIG = `version: 1
history_start: ${since}
outputs: all
pipelines: [{ uuid: ${PIPELINE}, name: orders }]
agreements:
  - agreement: finance
    title: Finance close
    objectives:
      - { id: succeeds, pipeline: orders, success: {}, target: 98% }
    report: { to: [a@acme.example], settle: 0s, unsubscribe_url: "https://status.acme.example/unsubscribe" }
`;
