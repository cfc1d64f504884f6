import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startSandbox, type Fault, type Sandbox } from "../src/index.ts";
import { ask, tokenOf } from "./connection.ts";
import { historyOf, PIPELINE, row } from "./rows.ts";

const NOW = new Date("2026-03-10T13:00:00Z");
const LOGS = `/stats/pipelines/${PIPELINE}/logs/2026-03-10 00:00:00/2026-03-11 00:00:00`;

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ history: historyOf(row(), row()), clock: () => NOW });
});
afterEach(() => sandbox.faults.clear());
afterAll(() => sandbox.close());

describe("the next request meets", () => {
  test.each([429, 500, 502, 503] as const)("status %i", async (status) => {
    const response = await meet({ kind: "status", status });

    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code: status });
  });

  test("Retry-After in seconds", async () => {
    const response = await meet({ kind: "status", status: 429, retryAfterSeconds: 7 });

    expect(response.headers.get("retry-after")).toBe("7");
  });

  test("Retry-After as a date", async () => {
    const response = await meet({
      kind: "status",
      status: 503,
      retryAfterSeconds: 90,
      retryAfterForm: "date",
    });

    expect(response.headers.get("retry-after")).toBe("Tue, 10 Mar 2026 13:01:30 GMT");
  });

  test("a reset connection", async () => {
    await expect(meet({ kind: "reset" })).rejects.toMatchObject({ cause: { code: "ECONNRESET" } });
  });

  test("a body cut in the middle", async () => {
    const response = await meet({ kind: "cut" });

    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow("terminated");
  });

  test("a connection cut even where there is no body", async () => {
    sandbox.faults.next({ fault: { kind: "cut" }, match: "/logs/" });
    const response = await ask(sandbox, LOGS, { token: "unknown" });

    expect(response.status).toBe(401);
    await expect(response.text()).rejects.toThrow("terminated");
  });

  test("a page that is no JSON", async () => {
    const response = await meet({ kind: "not_json" });

    expect(response.status).toBe(200);
    expect(await response.text()).toMatch(/^<!doctype html>/);
  });

  test("a slow answer", async () => {
    const started = performance.now();
    const response = await meet({ kind: "slow", delayMs: 60 });

    expect(response.status).toBe(200);
    expect(performance.now() - started).toBeGreaterThan(55);
  });

  test("no answer at all", async () => {
    const signal = AbortSignal.timeout(60);

    await expect(meet({ kind: "hang" }, signal)).rejects.toThrow(/timeout/i);
    expect(sandbox.requests.at(-1)?.status).toBeNull();
  });

  test("a token that expires on the way", async () => {
    expect((await meet({ kind: "expire_tokens" })).status).toBe(401);
    expect((await ask(sandbox, LOGS)).status).toBe(200);
  });
});

test("an ordered fault waits for its path and ends after its times", async () => {
  const token = await tokenOf(sandbox);
  sandbox.faults.next({ fault: { kind: "status", status: 500 }, match: /\/logs\//, times: 2 });
  const statuses = [];
  for (const path of [`/stats/pipelines/${PIPELINE}/last-run/stats`, LOGS, LOGS, LOGS]) {
    statuses.push((await ask(sandbox, path, { token })).status);
  }

  expect(statuses).toEqual([200, 500, 500, 200]);
});

test("faults by chance are the same for the same seed", async () => {
  const token = await tokenOf(sandbox);
  const statuses = async (seed: number) => {
    sandbox.faults.atRandom({ rate: 0.5, seed, faults: [{ kind: "status", status: 502 }] });
    const met: number[] = [];
    while (met.length < 20) {
      met.push((await ask(sandbox, LOGS, { token })).status);
    }
    return met;
  };
  const first = await statuses(1);

  expect(new Set(first)).toEqual(new Set([200, 502]));
  expect(await statuses(1)).toEqual(first);
  expect(await statuses(2)).not.toEqual(first);
});

test("latency comes before every answer", async () => {
  await using slow = await startSandbox({ history: historyOf(), latencyMs: 40 });
  const started = performance.now();
  await tokenOf(slow);

  expect(performance.now() - started).toBeGreaterThan(35);
});

test("closing breaks a request that is never answered", async () => {
  const closing = await startSandbox({ history: historyOf() });
  closing.faults.next({ fault: { kind: "hang" } });
  const pending = tokenOf(closing);
  await expect.poll(() => closing.requests.length).toBe(1);

  await Promise.all([expect(pending).rejects.toThrow("fetch failed"), closing.close()]);
});

async function meet(fault: Fault, signal?: AbortSignal): Promise<Response> {
  const token = await tokenOf(sandbox);
  sandbox.faults.next({ fault, match: "/logs/" });
  return ask(sandbox, LOGS, { token, ...(signal && { signal }) });
}
