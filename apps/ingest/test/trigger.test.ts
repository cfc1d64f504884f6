import { exitCode } from "@runledger/cli";
import { OutcomeUnknownError } from "@runledger/ylem-client";
import { createTestHistory, type TestHistory } from "@runledger/history/testing";
import { SourceHistory, startSandbox, type SandboxOptions, type TaskRunRow } from "@runledger/ylem-sandbox";
import { afterAll, beforeAll, expect, test } from "vitest";
import { trigger, type TriggerOptions } from "../src/commands/trigger.ts";
import { commandContext, configFolder } from "./sync-fixture.ts";

const ORDERS = "7b1c0f7e-0000-4000-8000-000000000001";
const NOW = Date.parse("2026-03-04T06:00:00Z");
const TASKS = [1, 2, 3].map((n) => `1f0d3b52-0000-4000-8000-00000000000${n}`);

let database: TestHistory;
beforeAll(async () => {
  database = await createTestHistory();
});
afterAll(() => database[Symbol.asyncDispose]());

function taskRun(taskUuid: string, minute: number, more: Partial<TaskRunRow> = {}): TaskRunRow {
  const at = BigInt(NOW + minute * 60_000) * 1000n;
  return {
    pipelineUuid: ORDERS,
    runUuid: "95295cbc-cee7-49cc-a11a-000000000001",
    taskUuid,
    taskType: "query",
    isSuccessful: true,
    durationMs: 2000,
    output: "",
    metricValue: 0,
    executedAtMicros: at,
    visibleAtMicros: at,
    ...more,
  };
}

/** A pipeline of three tasks that ran a minute ago; the source's clock moves while the command sleeps. */
async function setUp(
  options: Partial<SandboxOptions> = {},
  lastRun = TASKS.map((task) => taskRun(task, -1)),
) {
  let now = NOW;
  const source = new SourceHistory();
  source.add(lastRun);
  const sandbox = await startSandbox({ history: source, clock: () => new Date(now), ...options });
  const config = await configFolder({ orders: ORDERS });
  return {
    source,
    sandbox,
    run: async (args: string[], commandOptions: TriggerOptions = {}, onSleep = (): void => {}) => {
      const context = {
        ...commandContext({ history: database, sandbox, config: config.path, now: new Date(now) }),
        now: () => new Date(now),
      };
      const code = await trigger(context, commandOptions, args, async (ms) => {
        now += ms;
        onSleep();
      });
      return { code, out: context.printed.out };
    },
    async [Symbol.asyncDispose]() {
      await sandbox.close();
      await config[Symbol.asyncDispose]();
    },
  };
}

const startsOf = (requests: readonly { method: string; path: string }[]): number =>
  requests.filter(({ method, path }) => method === "POST" && path.includes("/runs")).length;

test.each(["orders", ORDERS, ORDERS.toUpperCase()])(
  "starts %s once and says which run it is",
  async (name) => {
    await using world = await setUp();
    const { code, out } = await world.run([name]);
    expect(out).toMatch(/^Started run [\da-f-]{36} of orders\.\n$/u);
    expect(code).toBe(exitCode.done);
    expect(startsOf(world.sandbox.requests)).toBe(1);
  },
);

test("says so when the API does not name the run", async () => {
  await using world = await setUp({ runAnswer: "empty" });
  expect(await world.run(["orders"])).toEqual({
    code: exitCode.done,
    out: "Started orders; the API did not say the run's UUID.\n",
  });
  const waiting = await world.run(["orders"], { wait: true });
  expect(waiting.out).toContain("its end cannot be waited for");
  expect(waiting.code).toBe(exitCode.partial);
});

test("waits until all tasks of the last successful run have their row", async () => {
  await using world = await setUp();
  const { code, out } = await world.run(["orders"], { wait: true });
  expect(out).toMatch(/^✔ run [\da-f-]{36} of orders succeeded: 3 task runs, 6\.0 s\.\n$/u);
  expect(code).toBe(exitCode.done);
});

test("waits for quiet where the last run does not tell which tasks there are", async () => {
  await using world = await setUp({}, [
    taskRun(TASKS[0] ?? "", -1),
    taskRun(TASKS[1] ?? "", -1, { isSuccessful: false }),
  ]);
  let sleeps = 0;
  const { code, out } = await world.run(["orders"], { wait: true }, () => (sleeps += 1));
  expect(out).toContain("succeeded: 2 task runs");
  expect(sleeps).toBeGreaterThan(10);
  expect(code).toBe(exitCode.done);
});

test("says at which task the run failed, and why, as soon as one has", async () => {
  await using world = await setUp();
  const output = Buffer.from(JSON.stringify([{ code: 1, severity: "error", message: "no table" }])).toString(
    "base64",
  );
  const { code, out } = await world.run(["orders"], { wait: true }, () => {
    // The run that the sandbox just started has its first row replaced by a failure.
    const started = world.source.rows(ORDERS).at(-1);
    if (started && !world.source.rows(ORDERS).some((row) => !row.isSuccessful)) {
      const { runUuid } = started;
      world.source.add([taskRun(TASKS[0] ?? "", 0, { runUuid, isSuccessful: false, output })]);
    }
  });
  expect(out).toMatch(
    /^✖ run [\da-f-]{36} of orders failed at 1f0d3b52-0000-4000-8000-000000000001: no table\.\n$/u,
  );
  expect(code).toBe(exitCode.partial);
});

test("gives up after --timeout", async () => {
  await using world = await setUp(
    {},
    [...TASKS, "1f0d3b52-0000-4000-8000-00000000000f"].map((task) => taskRun(task, -1)),
  );
  const { code, out } = await world.run(["orders"], { wait: true, timeout: 1000 });
  expect(out).toMatch(/has not been seen to end: 0 task runs so far/u);
  expect(code).toBe(exitCode.partial);
});

test("prints one JSON document when asked", async () => {
  await using world = await setUp();
  const config = await configFolder({ orders: ORDERS });
  const context = commandContext(
    { history: database, sandbox: world.sandbox, config: config.path, now: new Date(NOW) },
    { isJson: true },
  );
  await trigger(context, {}, ["orders"]);
  expect(JSON.parse(context.printed.out)).toMatchObject({
    pipeline: "orders",
    pipelineUuid: ORDERS,
    outcome: "started",
  });
  await config[Symbol.asyncDispose]();
});

test("never starts it again when it is unknown whether it was started", async () => {
  await using world = await setUp();
  world.sandbox.faults.next({ match: "/runs", times: 1, fault: { kind: "status", status: 502 } });
  await expect(world.run(["orders"])).rejects.toThrow(OutcomeUnknownError);
  expect(startsOf(world.sandbox.requests)).toBe(1);
});

test("refuses a pipeline that nobody knows", async () => {
  await using world = await setUp();
  const message = /no pipeline nobody in the configuration; it has orders/u;
  await expect(world.run(["nobody"])).rejects.toThrow(message);
  expect(startsOf(world.sandbox.requests)).toBe(0);
});
