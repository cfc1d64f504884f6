import { getEventListeners } from "node:events";

import { describe, expect, test } from "vitest";

import type { RequestEvent } from "../src/index.ts";
import { HOUR, PIPELINE, type Reply, failureOf, ylem } from "./ylem.ts";

describe("requests of one client", () => {
  test("are on their way at most `concurrency` at once, and as many as that", async () => {
    let open = 0;
    let most = 0;
    const full = Promise.withResolvers<void>();
    const server = await ylem(async () => {
      open += 1;
      most = Math.max(most, open);
      if (open === 3) full.resolve();
      await full.promise;
      open -= 1;
      return { json: [] };
    });
    const client = server.client({ concurrency: 3 });
    await Promise.all(Array.from({ length: 12 }, () => client.runLog(PIPELINE, HOUR)));
    expect(most).toBe(3);
  });

  test("hold no slot while they wait for their next try", async () => {
    const paused = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const server = await ylem((_, nth) => (nth === 1 ? { status: 500 } : { json: [] }));
    const client = server.client({
      concurrency: 1,
      sleep: async () => {
        paused.resolve();
        await goOn.promise;
      },
    });
    const waiting = client.runLog(PIPELINE, HOUR);
    await paused.promise;
    expect(await client.runLog(PIPELINE, HOUR)).toMatchObject({ bytes: 2 });
    goOn.resolve();
    expect(await waiting).toMatchObject({ bytes: 2 });
  });

  test("are begun no faster than the rate", async () => {
    const begun: number[] = [];
    const server = await ylem(() => {
      begun.push(performance.now());
      return { json: [] };
    });
    const client = server.client({ requestsPerSecond: 10 });
    await client.scopes();
    await Promise.all(Array.from({ length: 12 }, () => client.runLog(PIPELINE, HOUR)));
    // The token was the first of ten; the tenth log has to wait for the window to slide.
    expect((begun[9] ?? 0) - (begun[0] ?? 0)).toBeGreaterThan(800);
  });

  test("share connections that are kept alive", async () => {
    const server = await ylem(() => ({ json: [] }));
    const client = server.client({ concurrency: 1 });
    for (let i = 0; i < 20; i += 1) await client.runLog(PIPELINE, HOUR);
    // A connection can still be coming to rest when the next request is sent: hence two, not one.
    expect(new Set(server.requests.map(({ socket }) => socket)).size).toBeLessThanOrEqual(2);
  });

  test("are each told of, with no secrets", async () => {
    const events: RequestEvent[] = [];
    const server = await ylem((_, nth) => (nth === 1 ? { status: 500, text: "down" } : { json: [] }));
    await server.client({ onRequest: (event) => events.push(event) }).runLog(PIPELINE, HOUR);
    const path = `/stats/pipelines/${PIPELINE}/logs/2026-03-01 00:00:00/2026-03-01 01:00:00`;
    const ms = expect.any(Number);
    expect(events).toEqual([
      { method: "GET", path: "/oauth/token", try: 1, status: 200, bytes: expect.any(Number), ms },
      { method: "GET", path, try: 1, status: 500, bytes: 4, ms },
      { method: "GET", path, try: 2, status: 200, bytes: 2, ms },
    ]);
  });
});

describe("an abort", () => {
  const REASON = new Error("no longer wanted");

  test("before the call sends nothing", async () => {
    const server = await ylem(() => ({ json: [] }));
    expect(
      await failureOf(server.client().runLog(PIPELINE, HOUR, { signal: AbortSignal.abort(REASON) })),
    ).toBe(REASON);
    expect(server.tokenRequests).toHaveLength(0);
  });

  test("ends the wait for an answer", async () => {
    const controller = new AbortController();
    const server = await ylem(() => () => controller.abort(REASON));
    expect(await failureOf(server.client().runLog(PIPELINE, HOUR, controller))).toBe(REASON);
  });

  test("ends the reading of a body", async () => {
    const controller = new AbortController();
    const server = await ylem((): Reply => (response) => void response.writeHead(200).write("["));
    const fetch: typeof globalThis.fetch = async (...request) => {
      const response = await globalThis.fetch(...request);
      if (server.requests.length > 0) setImmediate(() => controller.abort(REASON));
      return response;
    };
    expect(await failureOf(server.client({ fetch }).runLog(PIPELINE, HOUR, controller))).toBe(REASON);
  });

  test("ends the pause before the next try", async () => {
    const controller = new AbortController();
    const server = await ylem(() => ({ status: 500 }));
    const sleep = async (): Promise<void> => {
      controller.abort(REASON);
      await new Promise(() => {});
    };
    expect(await failureOf(server.client({ sleep }).runLog(PIPELINE, HOUR, controller))).toBe(REASON);
    expect(server.requests).toHaveLength(1);
  });

  test("ends the pause of the built-in timer", async () => {
    const controller = new AbortController();
    const server = await ylem(() => ({ status: 503, headers: { "retry-after": "200" } }));
    const onRequest = (event: RequestEvent): void => {
      if (event.status === 503) setImmediate(() => controller.abort(REASON));
    };
    const client = server.client({ sleep: undefined, onRequest });
    expect(await failureOf(client.runLog(PIPELINE, HOUR, controller))).toBe(REASON);
  });

  test("ends the wait for a slot", async () => {
    const controller = new AbortController();
    const reached = Promise.withResolvers<void>();
    const server = await ylem(() => () => reached.resolve());
    const client = server.client({ concurrency: 1 });
    await client.scopes();
    const running = failureOf(client.runLog(PIPELINE, HOUR));
    const queued = failureOf(client.runLog(PIPELINE, HOUR, controller));
    await reached.promise;
    controller.abort(REASON);
    expect(await queued).toBe(REASON);
    expect(server.requests).toHaveLength(1);
    await client.close();
    await running;
  });

  test("leaves no listeners on a signal that serves many calls", async () => {
    const { signal } = new AbortController();
    const server = await ylem((_, nth) => (nth % 2 === 0 ? { json: [] } : { status: 500 }));
    const client = server.client();
    for (let i = 0; i < 5; i += 1) await client.runLog(PIPELINE, HOUR, { signal });
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });
});
