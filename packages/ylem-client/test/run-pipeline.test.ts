import { describe, expect, test } from "vitest";

import {
  CredentialsRefusedError,
  ForbiddenError,
  OutcomeUnknownError,
  RequestRefusedError,
  UnavailableError,
} from "../src/index.ts";
import { PIPELINE, type Reply, deadUrl, failureOf, ylem } from "./ylem.ts";

const RUN = "95295cbc-cee7-49cc-a11a-2f1788423934";
const TASK = "449c3c47-427e-465e-b1d2-0bf257b714e4";
const TASK_RUN = "ec430b94-4e22-4448-94f9-944ec650ba25";
const PENDING = {
  id: 40,
  state: "pending",
  task_uuid: TASK,
  task_run_uuid: TASK_RUN,
  workflow_run_uuid: RUN,
};

test("a run is started with a POST to its pipeline", async () => {
  const server = await ylem(() => ({ json: { pipeline_run_uuid: RUN } }));
  await server.client().runPipeline(PIPELINE.toUpperCase());
  expect(server.requests).toMatchObject([
    { method: "POST", path: `/pipelines/${PIPELINE}/runs/`, authorization: "Bearer token-1", body: "" },
  ]);
});

describe("the answer to a started run", () => {
  test.each<[string, Reply, unknown]>([
    ["names the run", { json: { pipeline_run_uuid: RUN.toUpperCase() } }, { runUuid: RUN, taskRuns: [] }],
    ["names it as a workflow run", { json: { workflow_run_uuid: RUN } }, { runUuid: RUN, taskRuns: [] }],
    [
      "lists the pending task runs",
      { json: [PENDING] },
      { runUuid: RUN, taskRuns: [{ taskUuid: TASK, taskRunUuid: TASK_RUN, state: "pending" }] },
    ],
    ["lists none", { json: [] }, { runUuid: null, taskRuns: [] }],
    ["is empty", { text: "" }, { runUuid: null, taskRuns: [] }],
    ["is null", { json: null }, { runUuid: null, taskRuns: [] }],
  ])("%s", async (_, reply, started) => {
    const server = await ylem(() => reply);
    expect(await server.client().runPipeline(PIPELINE)).toEqual(started);
  });
});

describe("a run that may have been started", () => {
  test.each<[string, Reply]>([
    ["a connection dropped after the request", null],
    ["408", { status: 408 }],
    ["500", { status: 500 }],
    ["502", { status: 502 }],
    ["503 without Retry-After", { status: 503 }],
    ["an answer that is not JSON", { text: "<html>" }],
    ["an answer of another shape", { json: { ok: true } }],
    ["no answer in time", () => {}],
  ])("is not started again after %s", async (_, reply) => {
    const server = await ylem(() => reply);
    const error = await failureOf(server.client({ tryTimeoutMs: 50 }).runPipeline(PIPELINE));
    expect(error).toBeInstanceOf(OutcomeUnknownError);
    expect(error).toMatchObject({ request: `POST /pipelines/${PIPELINE}/runs/`, tries: 1 });
    expect(server.requests).toHaveLength(1);
  });

  test("is not started again over a connection that had been kept alive", async () => {
    const server = await ylem((_, nth) => (nth <= 3 ? { json: null } : null));
    const client = server.client({ concurrency: 1 });
    for (let i = 0; i < 3; i += 1) await client.lastRun("pipeline", PIPELINE);
    expect(await failureOf(client.runPipeline(PIPELINE))).toBeInstanceOf(OutcomeUnknownError);
    expect(server.requests).toHaveLength(4);
  });
});

describe("a run that surely was not started", () => {
  test.each<[string, Reply]>([
    ["429", { status: 429 }],
    ["503 with Retry-After", { status: 503, headers: { "retry-after": "1" } }],
    ["401, with a new token,", { status: 401 }],
  ])("is started again after %s", async (_, reply) => {
    const server = await ylem((_received, nth) => (nth === 1 ? reply : { json: { pipeline_run_uuid: RUN } }));
    expect(await server.client().runPipeline(PIPELINE)).toMatchObject({ runUuid: RUN });
    expect(server.requests).toHaveLength(2);
  });

  test("is started again when there was no connection", async () => {
    const dead = await deadUrl();
    const server = await ylem(() => ({ json: { pipeline_run_uuid: RUN } }));
    let posts = 0;
    const fetch: typeof globalThis.fetch = async (url, init) => {
      if (init?.method === "POST") posts += 1;
      return await globalThis.fetch(posts === 1 ? dead : url, init);
    };
    expect(await server.client({ fetch }).runPipeline(PIPELINE)).toMatchObject({ runUuid: RUN });
    expect(posts).toBe(2);
  });

  test.each([
    [429, UnavailableError],
    [401, CredentialsRefusedError],
    [403, ForbiddenError],
    [404, RequestRefusedError],
  ])("ends with what %i means", async (status, ErrorClass) => {
    const server = await ylem(() => ({ status }));
    const error = await failureOf(server.client().runPipeline(PIPELINE));
    expect(error).toBeInstanceOf(ErrorClass);
  });

  test("names the scope it would take", async () => {
    const server = await ylem(() => ({ status: 403 }));
    const error = await failureOf(server.client().runPipeline(PIPELINE));
    expect(String(error)).toContain("the OAuth client needs the scope pipelines:run");
  });
});
