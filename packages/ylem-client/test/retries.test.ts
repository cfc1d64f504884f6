import { describe, expect, test } from "vitest";

import {
  InvalidResponseError,
  RequestRefusedError,
  ResponseTooLargeError,
  TimedOutError,
  UnavailableError,
} from "../src/index.ts";
import { retryDelay } from "../src/retry-delay.ts";
import { HOUR, PIPELINE, type Reply, clientOf, deadUrl, failureOf, ylem } from "./ylem.ts";

const LOG = `GET /stats/pipelines/${PIPELINE}/logs/2026-03-01 00:00:00/2026-03-01 01:00:00`;

const PASSING: Record<string, Reply> = {
  "408": { status: 408 },
  "429": { status: 429 },
  "500": { status: 500 },
  "503": { status: 503 },
  "a dropped connection": null,
  "a body that is not JSON": { text: "<html>" },
  "a body cut off by its length": (response) => {
    response.writeHead(200, { "content-length": "100" }).write("[");
    setImmediate(() => response.destroy());
  },
  "a body that ends early": { text: '[{"task_uuid":' },
  "a body of the wrong shape": { json: { logs: [] } },
};

describe("a try that fails in passing", () => {
  test.each(Object.entries(PASSING))("is repeated after %s", async (_, reply) => {
    const server = await ylem((_received, nth) => (nth < 3 ? reply : { json: [] }));
    expect(await server.client().runLog(PIPELINE, HOUR)).toEqual({ taskRuns: [], rejected: [], bytes: 2 });
    expect(server.requests).toHaveLength(3);
  });

  test("is told with what was attempted, how often and how long", async () => {
    const server = await ylem(() => ({ status: 503 }));
    let now = 0;
    const client = server.client({ now: () => (now += 1000), random: () => 1 });
    const error = await failureOf(client.runLog(PIPELINE, HOUR));
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toMatchObject({
      message: `${LOG}: 503 Service Unavailable after 5 tries in 12.5 s`,
      name: "UnavailableError",
      request: LOG,
      status: 503,
      tries: 5,
    });
  });

  test("is told with its cause when nothing listens", async () => {
    const error = await failureOf(clientOf(await deadUrl(), { maxTries: 2 }).scopes());
    expect(error).toBeInstanceOf(UnavailableError);
    expect(String(error)).toMatch(/could not connect \(.*ECONNREFUSED.*\) after 2 tries/);
    expect(error).toHaveProperty("cause.cause.code", "ECONNREFUSED");
  });

  test("is told with what was wrong with the answer", async () => {
    const server = await ylem(() => ({ text: `{"oops": "${"x".repeat(1000)}` }));
    const error = await failureOf(server.client().runLog(PIPELINE, HOUR));
    expect(error).toBeInstanceOf(InvalidResponseError);
    expect(String(error)).toContain(`${LOG}: unusable answer (1010 bytes that are not JSON) after 5 tries`);
    expect(String(error)).toContain('the answer begins "{\\"oops\\": \\"xxx');
    expect(String(error)).not.toContain("x".repeat(200));
  });

  test("pauses longer each time, by half to all of a doubling second, up to 30 s", async () => {
    expect([1, 2, 3, 7, 50].map((tries) => retryDelay(tries, 0, null))).toEqual([
      250, 500, 1000, 15_000, 15_000,
    ]);
    expect([1, 2, 3, 7, 50].map((tries) => retryDelay(tries, 1, null))).toEqual([
      500, 1000, 2000, 30_000, 30_000,
    ]);
    const slept: number[] = [];
    const server = await ylem(() => ({ status: 500 }));
    const sleep = async (ms: number): Promise<void> => void slept.push(ms);
    await failureOf(server.client({ sleep, random: () => 0.5 }).runLog(PIPELINE, HOUR));
    expect(slept).toEqual([375, 750, 1500, 3000]);
  });
});

test.each([400, 404, 409, 301])("a refusal with %i is not repeated", async (status) => {
  const server = await ylem(() => ({
    status,
    json: { errors: ["no such thing"] },
    headers: { location: "/" },
  }));
  const error = await failureOf(server.client().runLog(PIPELINE, HOUR));
  expect(error).toBeInstanceOf(RequestRefusedError);
  expect(error).toMatchObject({ status, tries: 1 });
  expect(server.requests).toHaveLength(1);
});

describe("Retry-After", () => {
  const NOW = Date.parse("2026-03-01T00:00:00Z");

  test.each([
    ["7", 7000],
    ["Sun, 01 Mar 2026 00:00:20 GMT", 20_000],
    ["Sun, 01 Mar 2026 00:00:00 GMT", 500],
    ["0", 500],
    ["-5", 500],
    ["soon", 500],
  ])("%j makes the pause %i ms", async (header, pause) => {
    const slept: number[] = [];
    const server = await ylem((_, nth) =>
      nth === 1 ? { status: 429, headers: { "retry-after": header } } : { json: [] },
    );
    const sleep = async (ms: number): Promise<void> => void slept.push(ms);
    await server.client({ sleep, now: () => NOW, random: () => 1 }).runLog(PIPELINE, HOUR);
    expect(slept).toEqual([pause]);
  });

  test("for longer than the time left fails at once and says so", async () => {
    const server = await ylem(() => ({ status: 503, headers: { "retry-after": "3600" } }));
    const error = await failureOf(server.client({ now: () => NOW }).runLog(PIPELINE, HOUR));
    expect(error).toBeInstanceOf(UnavailableError);
    expect(String(error)).toContain(
      "after 1 try in 0.0 s; Retry-After asks for 3600 s, with 300.0 s of the total",
    );
  });
});

describe("time", () => {
  const neverAnswers = (): Reply => () => {};
  const neverEnds = (): Reply => (response) => void response.writeHead(200).write("[");

  test.each([
    ["no answer", neverAnswers],
    ["an answer that does not end", neverEnds],
  ])("a try is cut short with %s", async (_, answer) => {
    const server = await ylem(answer);
    const error = await failureOf(server.client({ tryTimeoutMs: 30, maxTries: 2 }).runLog(PIPELINE, HOUR));
    expect(error).toBeInstanceOf(TimedOutError);
    expect(String(error)).toContain("no full answer within 0.03 s after 2 tries");
    expect(server.requests).toHaveLength(2);
  });

  test("the total cuts the last try short and leaves no further one", async () => {
    const server = await ylem((_, nth) => (nth === 1 ? { status: 500 } : () => {}));
    const client = server.client({ totalTimeoutMs: 560, random: () => 1, now: () => 0 });
    const error = await failureOf(client.runLog(PIPELINE, HOUR));
    expect(error).toBeInstanceOf(TimedOutError);
    expect(String(error)).toContain("no full answer within 0.06 s after 2 tries");
  });
});

describe("the size of a body", () => {
  test("is limited while it streams", async () => {
    const server = await ylem(() => (response) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write("x".repeat(1000)));
      };
      response.on("drain", more);
      more();
    });
    const error = await failureOf(server.client({ maxBodyBytes: 100_000 }).runLog(PIPELINE, HOUR));
    expect(error).toBeInstanceOf(ResponseTooLargeError);
    expect(String(error)).toContain("an answer of more than 100000 bytes after 1 try");
  });

  test("may be exactly the limit", async () => {
    const server = await ylem(() => ({ text: "[]        " }));
    const client = server.client({ maxBodyBytes: 200 });
    expect(await client.runLog(PIPELINE, HOUR)).toMatchObject({ bytes: 10 });
    const exact = await ylem(() => ({ text: "[]".padEnd(200) }));
    expect(await exact.client({ maxBodyBytes: 200 }).runLog(PIPELINE, HOUR)).toMatchObject({ bytes: 200 });
  });
});
