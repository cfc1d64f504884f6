import { describe, expect, test } from "vitest";

import { ConfigurationError, ForbiddenError, type RunLog } from "../src/index.ts";
import { HOUR, PIPELINE, failureOf, ylem } from "./ylem.ts";

const RUN = "f05eeffa-1683-4dcc-88aa-5d7da344ccd9";
const TASK = "eff48172-2e75-4229-aff9-6c5d658db248";
const ROW = {
  pipeline_run_uuid: RUN,
  task_uuid: TASK,
  task_type: "query",
  is_successful: true,
  duration: 105,
  output: "",
  metric_value: 0,
  executed_at: "2024-03-22T12:57:49Z",
};

async function logOf(json: unknown): Promise<RunLog> {
  const server = await ylem(() => ({ json }));
  return await server.client().runLog(PIPELINE, HOUR);
}

describe("the window", () => {
  test("is asked for in whole seconds that hold all of it", async () => {
    const server = await ylem(() => ({ json: [] }));
    const window = { from: new Date("2026-03-01T00:00:00.999Z"), to: new Date("2026-03-01T01:00:00.001Z") };
    await server.client().runLog(PIPELINE, window);
    expect(server.requests[0]?.path).toBe(
      `/stats/pipelines/${PIPELINE}/logs/2026-03-01 00:00:00/2026-03-01 01:00:01`,
    );
  });

  test.each([
    { from: HOUR.to, to: HOUR.from },
    { from: new Date(Number.NaN), to: HOUR.to },
    { from: HOUR.from, to: new Date(Number.NaN) },
  ])("is refused when it is none", async (window) => {
    const server = await ylem(() => ({ json: [] }));
    expect(await failureOf(server.client().runLog(PIPELINE, window))).toBeInstanceOf(ConfigurationError);
    expect(server.requests).toHaveLength(0);
  });
});

describe("a log", () => {
  test("reads as task runs, in the order they came", async () => {
    const failed = {
      ...ROW,
      is_successful: false,
      duration: 1245,
      metric_value: 1.5,
      executed_at: "2024-03-22T12:57:02.1234567Z",
    };
    expect((await logOf([ROW, failed])).taskRuns).toEqual([
      {
        runUuid: RUN,
        taskUuid: TASK,
        taskType: "query",
        isSuccessful: true,
        durationMs: 105,
        metricValue: 0,
        executedAt: "2024-03-22T12:57:49.000000Z",
        output: { state: "empty", bytes: null },
        errorMessage: null,
      },
      expect.objectContaining({
        isSuccessful: false,
        durationMs: 1245,
        metricValue: 1.5,
        executedAt: "2024-03-22T12:57:02.123456Z",
      }),
    ]);
  });

  test("calls a run by either name, in lower case", async () => {
    const { pipeline_run_uuid: _, ...row } = ROW;
    const log = await logOf([
      { ...row, workflow_run_uuid: RUN.toUpperCase(), task_uuid: TASK.toUpperCase() },
    ]);
    expect(log.taskRuns).toMatchObject([{ runUuid: RUN, taskUuid: TASK }]);
  });

  test("keeps rows that are alike", async () => {
    expect((await logOf([ROW, ROW, ROW])).taskRuns).toHaveLength(3);
  });

  test.each([[null], [undefined], [[]]])("with no rows (%j) is no log at all", async (json) => {
    expect(await logOf(json)).toMatchObject({ taskRuns: [], rejected: [] });
  });

  test("reports the size of its body in bytes, not characters", async () => {
    const server = await ylem(() => ({ text: JSON.stringify([{ ...ROW, task_type: "ü" }]) }));
    const { bytes } = await server.client().runLog(PIPELINE, HOUR);
    expect(bytes).toBe(Buffer.byteLength(JSON.stringify([{ ...ROW, task_type: "ü" }])));
  });

  test("may leave out the metric and the output", async () => {
    const { metric_value: _, output: __, ...row } = ROW;
    const log = await logOf([row, { ...row, metric_value: null, output: null }]);
    const absent = { metricValue: null, output: { state: "empty" } };
    expect(log.taskRuns).toMatchObject([absent, absent]);
  });
});

describe("a row that does not read", () => {
  test.each([
    [{ pipeline_run_uuid: "40" }, "pipeline_run_uuid is not a UUID"],
    [{ task_uuid: null }, "task_uuid is not a UUID"],
    [{ task_type: 3 }, "task_type is not text"],
    [{ task_type: "que\0ry" }, "task_type contains a NUL character"],
    [{ is_successful: 1 }, "is_successful is not a boolean"],
    [{ duration: 1.5 }, "duration is not a whole number"],
    [{ duration: -1 }, "duration is negative"],
    [{ duration: "105" }, "duration is not a whole number"],
    [{ duration: 201 * 365 * 86_400_000 }, "duration is longer than 200 years"],
    [{ metric_value: "0" }, "metric_value is not a finite number"],
    [{ output: {} }, "output is not text"],
    [{ executed_at: "yesterday" }, "executed_at is not an RFC 3339 time"],
    [{ executed_at: "2024-02-30T00:00:00Z" }, "executed_at is not an RFC 3339 time"],
    [{ executed_at: "0001-01-01T00:00:00Z" }, "executed_at is the zero time: the task never got one"],
    [{ executed_at: "1899-12-31T23:59:59.999999Z" }, "executed_at is before 1900 or after 2249"],
    [{ executed_at: "2250-01-01T00:00:00Z" }, "executed_at is before 1900 or after 2249"],
  ])("for %j is handed over with the reason, beside the good ones", async (fault, reason) => {
    const row = { ...ROW, ...fault };
    const log = await logOf([ROW, row, ROW]);
    expect(log.taskRuns).toHaveLength(2);
    expect(log.rejected).toEqual([{ row, reason }]);
  });

  test("is handed over when it is not even an object", async () => {
    expect((await logOf([null, "row", []])).rejected).toEqual(
      [null, "row", []].map((row) => ({ row, reason: "the row is not an object" })),
    );
  });

  test("may have a number that is beyond all numbers", async () => {
    const server = await ylem(() => ({
      text: JSON.stringify([ROW]).replace('"metric_value":0', '"metric_value":1e999'),
    }));
    const { rejected } = await server.client().runLog(PIPELINE, HOUR);
    expect(rejected).toMatchObject([{ reason: "metric_value is not a finite number" }]);
  });
});

describe("the error message of a task run", () => {
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64");
  const errors = encode([{ code: 7, severity: "error", message: "no such\0table" }, { message: "second" }]);

  test.each([
    ["is the first message of its output, storable as text", false, errors, "no such\uFFFDtable"],
    ["is null when it was successful", true, errors, null],
    ["is null when the output is something else", false, encode({ message: "x" }), null],
    ["is null when the output is an empty list", false, encode([]), null],
    ["is null when the output is no JSON", false, Buffer.from("oops").toString("base64"), null],
    ["is null when the output is opaque", false, "+iIYz/dFRiOhzfOmibIOxQ==", null],
    ["is null when there is no output", false, "", null],
  ])("%s", async (_, isSuccessful, output, message) => {
    const { taskRuns } = await logOf([{ ...ROW, is_successful: isSuccessful, output }]);
    expect(taskRuns).toMatchObject([{ errorMessage: message }]);
  });
});

test("a log that may not be read names the scope it needs", async () => {
  const server = await ylem(() => ({ status: 403 }));
  const error = await failureOf(server.client().runLog(PIPELINE, HOUR));
  expect(error).toBeInstanceOf(ForbiddenError);
  expect(String(error)).toContain("403 Forbidden after 1 try");
  expect(String(error)).toContain("the OAuth client needs the scope stats:read");
});

test("a decryption that hangs can be aborted", async () => {
  const controller = new AbortController();
  const server = await ylem(() => ({ json: [{ ...ROW, output: "+iIYz/dFRiOhzfOmibIOxQ==" }] }));
  const decrypt = async (): Promise<null> => {
    controller.abort("enough");
    return await new Promise(() => {});
  };
  const client = server.client({ output: { decrypt } });
  expect(await failureOf(client.runLog(PIPELINE, HOUR, controller))).toBe("enough");
});
