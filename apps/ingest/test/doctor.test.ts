import { writeFile } from "node:fs/promises";
import { exitCode } from "@runledger/cli";
import { createTestDatabase, createTestHistory, type TestHistory } from "@runledger/history/testing";
import { SourceHistory, startSandbox, type SandboxOptions } from "@runledger/ylem-sandbox";
import { afterAll, beforeAll, expect, test } from "vitest";
import { doctor } from "../src/commands/doctor.ts";
import type { YlemContext } from "../src/sync/ylem.ts";
import { commandContext, configFolder } from "./sync-fixture.ts";

const ORDERS = "7b1c0f7e-0000-4000-8000-000000000001";
const CRM = "7b1c0f7e-0000-4000-8000-000000000002";
const NOW = new Date("2026-03-04T06:00:00Z");

let database: TestHistory;
beforeAll(async () => {
  database = await createTestHistory();
});
afterAll(() => database[Symbol.asyncDispose]());

/** A set-up in which all is well, but that `crm` never ran; each test breaks one thing of it. */
async function setUp(options: Partial<SandboxOptions> = {}) {
  const at = BigInt(NOW.getTime() - 3_600_000) * 1000n;
  const source = new SourceHistory();
  source.add([
    {
      pipelineUuid: ORDERS,
      runUuid: "95295cbc-cee7-49cc-a11a-000000000001",
      taskUuid: "1f0d3b52-0000-4000-8000-000000000001",
      taskType: "query",
      isSuccessful: true,
      durationMs: 1,
      output: "",
      metricValue: 0,
      executedAtMicros: at,
      visibleAtMicros: at,
    },
  ]);
  const sandbox = await startSandbox({ history: source, clock: () => NOW, ...options });
  const config = await configFolder({ orders: ORDERS, crm: CRM });
  return {
    sandbox,
    config,
    check: async (more: Partial<YlemContext> = {}, environment: Partial<YlemContext["environment"]> = {}) => {
      const context = commandContext({ history: database, sandbox, config: config.path, now: NOW }, more);
      const ylemOptions = { sleep: async () => {}, ...more.ylemOptions };
      const code = await doctor({
        ...context,
        ylemOptions,
        environment: { ...context.environment, ...environment },
      });
      return { code, out: context.printed.out };
    },
    async [Symbol.asyncDispose]() {
      await sandbox.close();
      await config[Symbol.asyncDispose]();
    },
  };
}

test("says of each part that it is well, and of a pipeline that never ran what that can mean", async () => {
  await using world = await setUp();
  const { code, out } = await world.check();
  expect(out).toMatch(/^✔ configuration .*runledger\.yaml: 2 pipelines, 0 agreements$/mu);
  expect(out).toMatch(/^✔ credentials .*pipelines:run, stats:read$/mu);
  expect(out).toMatch(/^✔ scope stats:read/mu);
  expect(out).toMatch(/^✔ scope pipelines:run/mu);
  expect(out).toMatch(/^✔ pipeline orders +last run 2026-03-04T05:00:00\.000Z, successful$/mu);
  expect(out).toMatch(
    /^! pipeline crm +nothing was ever seen of it: it never ran, or is no pipeline of this account\n +→ .*7b1c0f7e/mu,
  );
  expect(out).toMatch(/^✔ clock +0 s/mu);
  expect(out).toMatch(/^✔ database +Postgres 1\d/mu);
  expect(out).toMatch(/^✔ migrations/mu);
  expect(out).toMatch(/^✔ rights to write/mu);
  expect(out).toMatch(/^✔ role runledger_reader/mu);
  expect(code).toBe(exitCode.done);
});

test("starts no pipeline", async () => {
  await using world = await setUp();
  await world.check();
  expect(world.sandbox.requests.filter((request) => request.method === "POST")).toEqual([]);
});

test("prints one JSON document when asked", async () => {
  await using world = await setUp();
  const { out } = await world.check({ isJson: true });
  expect(JSON.parse(out).checks).toContainEqual({
    check: "pipeline orders",
    state: "ok",
    text: "last run 2026-03-04T05:00:00.000Z, successful",
    mend: null,
  });
});

test("names a scope that is missing", async () => {
  await using world = await setUp({ scopes: ["pipelines:run"] });
  const { code, out } = await world.check();
  expect(out).toMatch(/^✖ scope stats:read .*403.*\n +→ Give the OAuth client the scope stats:read/mu);
  expect(out).not.toContain("pipeline orders");
  expect(code).toBe(exitCode.usage);
});

test("does without the scope to run, which only trigger needs", async () => {
  await using world = await setUp({ scopes: ["stats:read"] });
  const { code, out } = await world.check();
  expect(out).toMatch(/^! scope pipelines:run/mu);
  expect(code).toBe(exitCode.done);
});

test("tells credentials that are missing from ones that are refused, and shows none", async () => {
  await using world = await setUp();
  const { ylem } = commandContext({
    history: database,
    sandbox: world.sandbox,
    config: "",
    now: NOW,
  }).environment;
  const missing = await world.check({}, { ylem: { ...ylem, clientId: null } });
  expect(missing.out).toMatch(/^✖ credentials +YLEM_CLIENT_ID not set/mu);
  expect(missing.code).toBe(exitCode.usage);
  const refused = await world.check({}, { ylem: { ...ylem, clientSecret: "s3cret" } });
  expect(refused.out).toMatch(/^✖ credentials .*401/mu);
  expect(refused.out).not.toContain("s3cret");
  expect(refused.code).toBe(exitCode.usage);
});

test("says where the configuration is wrong, and checks the rest all the same", async () => {
  await using world = await setUp();
  await writeFile(
    world.config.path,
    `version: 1\nhistory_start: yesterday\npipelines: [{ uuid: ${ORDERS}, name: orders }]\n`,
  );
  const { code, out } = await world.check();
  expect(out).toMatch(/^✖ configuration .*runledger\.yaml:2:/mu);
  expect(out).toMatch(/^✔ credentials/mu);
  expect(out).toMatch(/^✔ database/mu);
  expect(code).toBe(exitCode.usage);
});

test.each([
  [20_000, "✔", exitCode.done],
  [-100_000, "!", exitCode.done],
  [400_000, "✖", exitCode.partial],
])("compares the clock with the API's: %i ms is %s", async (skewMs, mark, expected) => {
  await using world = await setUp({ clock: () => new Date(NOW.getTime() - skewMs) });
  const { code, out } = await world.check();
  expect(out).toContain(`\n${mark} clock`);
  expect(code).toBe(expected);
});

test("says when the API and the database cannot be reached", async () => {
  await using world = await setUp();
  await world.sandbox.close();
  const { code, out } = await world.check({}, { databaseUrl: "postgres://me:s3cret@127.0.0.1:1/x" });
  expect(out).toMatch(/^✖ credentials .*ECONNREFUSED.*\n +→ Check YLEM_BASE_URL/mu);
  expect(out).toMatch(/^! clock/mu);
  expect(out).toMatch(/^✖ database .*127\.0\.0\.1:1\/x/mu);
  expect(out).not.toContain("s3cret");
  expect(code).toBe(exitCode.partial);
});

test("sees migrations that were not applied, and applies none", async () => {
  await using world = await setUp();
  const databaseUrl = await createTestDatabase(`doctor_${process.pid}`);
  const { code, out } = await world.check({}, { databaseUrl });
  expect(out).toMatch(/^! migrations +not applied: 0001_history/mu);
  expect((await world.check({}, { databaseUrl })).out).toMatch(/^! migrations/mu);
  expect(code).toBe(exitCode.done);
});

test("sees rights that were taken away", async () => {
  await using world = await setUp();
  await database.pool.query("revoke select on runledger.runs from runledger_reader");
  const { code, out } = await world.check();
  expect(out).toMatch(/^! role runledger_reader +may not read runs\n +→ /mu);
  expect(code).toBe(exitCode.done);
  await database.pool.query("grant select on runledger.runs to runledger_reader");
});
