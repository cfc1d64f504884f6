import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { createTestHistory } from "@runledger/history/testing";
import { SourceHistory, startSandbox, type Sandbox } from "@runledger/ylem-sandbox";
import { expect, test } from "vitest";
import { takeLeases } from "../src/store/pipeline-leases.ts";
import { configFolder } from "./sync-fixture.ts";

const MAIN = join(import.meta.dirname, "..", "src", "main.ts");
const ORDERS = "7b1c0f7e-0000-4000-8000-000000000001";

async function ingest(args: string[], env: Record<string, string | undefined>) {
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], ...env },
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { code, stdout, stderr };
}

/** A working set-up; each test breaks one thing of it. */
async function setUp(options: Partial<Parameters<typeof startSandbox>[0]> = {}) {
  const sandbox = await startSandbox({ history: new SourceHistory(), ...options });
  const history = await createTestHistory();
  const config = await configFolder({ orders: ORDERS });
  return {
    sandbox,
    config,
    env: envOf(sandbox, history.url, config.path),
    history,
    async [Symbol.asyncDispose]() {
      await sandbox.close();
      await history[Symbol.asyncDispose]();
      await config[Symbol.asyncDispose]();
    },
  };
}

function envOf(sandbox: Sandbox, databaseUrl: string, config: string): Record<string, string> {
  return {
    YLEM_BASE_URL: sandbox.url,
    YLEM_CLIENT_ID: sandbox.clientId,
    YLEM_CLIENT_SECRET: sandbox.clientSecret,
    DATABASE_URL: databaseUrl,
    RUNLEDGER_CONFIG: config,
  };
}

test("syncs by default, says what it did on stdout and logs on stderr", async () => {
  await using world = await setUp();
  const { code, stdout, stderr } = await ingest([], world.env);
  expect(stdout).toMatch(
    /^Synced 1 of 1 pipeline in \d+\.\d s: 0 new rows of 0 fetched, 0 days verified, 0 repaired, \d+ requests\.\n! orders: nothing was ever seen/u,
  );
  expect(stderr).toContain('INFO: synced {"pipeline":"orders"');
  expect(code).toBe(0);
});

test("exits with 75 beside a command that works on the same, and says which that is", async () => {
  await using world = await setUp();
  await using _leases = await takeLeases(world.history, [ORDERS], "backfill");
  const { code, stdout, stderr } = await ingest(["sync"], world.env);
  expect(stderr).toMatch(/^runledger-ingest: runledger-ingest backfill, pid \d+ on .*Wait for it to end/u);
  expect(stdout).toBe("");
  expect(code).toBe(75);
});

test("shows how each pipeline stands", async () => {
  await using world = await setUp();
  expect((await ingest(["status"], world.env)).stdout).toMatch(/orders .*never synced/u);
  await ingest(["sync"], world.env);
  const { stdout } = await ingest(["status", "--json"], world.env);
  expect(JSON.parse(stdout)).toMatchObject([
    { pipeline: "orders", runs: 0, syncedThrough: expect.any(String) },
  ]);
});

test.each([
  ["no credentials", { YLEM_CLIENT_ID: "" }, 2, /YLEM_CLIENT_ID not set\. Create an OAuth client/u],
  [
    "wrong credentials",
    { YLEM_CLIENT_SECRET: "s3cret-but-wrong" },
    2,
    /401 Unauthorized.*Check YLEM_CLIENT_ID and YLEM_CLIENT_SECRET/u,
  ],
  [
    "a broken secret file",
    { YLEM_CLIENT_ID: "", YLEM_CLIENT_ID_FILE: "/nowhere" },
    2,
    /YLEM_CLIENT_ID_FILE: cannot read/u,
  ],
  [
    "an unreachable database",
    { DATABASE_URL: "postgres://me:s3cret@127.0.0.1:1/x" },
    1,
    /127\.0\.0\.1:1\/x.*DATABASE_URL/u,
  ],
  ["a missing configuration", { RUNLEDGER_CONFIG: "/nowhere.yaml" }, 2, /cp runledger\.example\.yaml/u],
])("says what to do about %s, in one line", async (_what, broken, expected, message) => {
  await using world = await setUp();
  const { code, stdout, stderr } = await ingest(["sync"], { ...world.env, ...broken });
  expect(stderr).toMatch(message);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(stderr).not.toMatch(/s3cret/u);
  expect(stdout).toBe("");
  expect(code).toBe(expected);
});

test("says which scope is missing, and pulls nothing", async () => {
  await using world = await setUp({ scopes: ["pipelines:run"] });
  const { code, stderr } = await ingest(["sync"], world.env);
  expect(stderr).toMatch(/stats:read/u);
  expect(code).toBe(2);
  const { rows } = await world.history.pool.query(
    "select p.synced_through, s.outcome from runledger.pipelines p, runledger.syncs s",
  );
  expect(rows).toEqual([{ synced_through: null, outcome: "failed" }]);
});

test("says where a broken configuration is broken, before anything is touched", async () => {
  await using world = await setUp();
  await writeFile(world.config.path, `version: 1\nhistory_start: 2026-03-01\noutpts: all\npipelines: []\n`);
  const { code, stderr } = await ingest(["sync"], world.env);
  expect(stderr).toContain("runledger.yaml:3:1: ");
  expect(stderr).toContain("outputs");
  expect(code).toBe(2);
  expect(world.sandbox.requests).toEqual([]);
});

test("says so when the API cannot be reached", { timeout: 120_000 }, async () => {
  await using world = await setUp();
  await world.sandbox.close();
  const { code, stderr } = await ingest(["sync"], world.env);
  expect(stderr).toMatch(/ECONNREFUSED|cannot be reached|refused/u);
  expect(code).toBe(1);
});

test("prints no warning of Node's or a driver's", async () => {
  await using world = await setUp();
  // The driver used to warn of this mode with every command; the server here has no TLS.
  const tls = { ...world.env, DATABASE_URL: `${world.env["DATABASE_URL"]}?sslmode=require` };
  for (const [command, env, code] of [
    ["status", world.env, 0],
    ["status", tls, 1],
    ["migrate", world.env, 0],
  ] as const) {
    const result = await ingest([command], env);
    expect(result.stderr).not.toMatch(/warning/iu);
    expect(result.code).toBe(code);
  }
  expect((await ingest(["status"], tls)).stderr).toMatch(/does not support SSL.*sslmode=disable/u);
});
