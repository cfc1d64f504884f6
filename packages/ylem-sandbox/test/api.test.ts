import { describe, expect, test } from "vitest";
import { SourceHistory, startSandbox, type Sandbox } from "../src/index.ts";
import { ask } from "./connection.ts";
import { at, historyOf, LATER, OTHER_TASK, PIPELINE, row, TASK } from "./rows.ts";

const DAY = "2026-03-10 00:00:00/2026-03-11 00:00:00";

describe("the run log", () => {
  test("has a row's fields under the server's names", async () => {
    await using sandbox = await start(historyOf(row({ output: "W10=", metricValue: 1.5 })));

    expect(await bodyOf(sandbox, `/stats/pipelines/${PIPELINE}/logs/${DAY}`)).toEqual([
      {
        pipeline_run_uuid: "run-1",
        task_uuid: TASK,
        task_type: "query",
        is_successful: true,
        duration: 1000,
        output: "W10=",
        metric_value: 1.5,
        executed_at: "2026-03-10T12:00:00Z",
      },
    ]);
  });

  test("writes times as Go does", async () => {
    const times = ["12:00:00.100000", "12:00:00.000001", "11:00:00.123456"];
    await using sandbox = await start(
      historyOf(
        ...times.map((time) => row({ executedAtMicros: at(`2026-03-10 ${time}`) })),
        row({ executedAtMicros: null }),
      ),
    );

    expect(await bodyOf(sandbox, `/stats/pipelines/${PIPELINE}/logs/${DAY}`)).toMatchObject([
      { executed_at: "2026-03-10T12:00:00.1Z" },
      { executed_at: "2026-03-10T12:00:00.000001Z" },
      { executed_at: "2026-03-10T11:00:00.123456Z" },
      { executed_at: "0001-01-01T00:00:00Z" },
    ]);
  });

  test("is also found under its older name", async () => {
    await using sandbox = await start(historyOf(row()));

    expect(await bodyOf(sandbox, `/stats/pipelines/${PIPELINE}/last-runs-log/${DAY}`)).toHaveLength(1);
  });

  test("comes whole however long it is", async () => {
    const rows = Array.from({ length: 2500 }, (_, index) => row({ runUuid: `run-${index}` }));
    await using sandbox = await start(historyOf(...rows));

    expect(await bodyOf(sandbox, `/stats/pipelines/${PIPELINE}/logs/${DAY}`)).toHaveLength(2500);
  });

  test("is null in one dialect and an empty array in the other when there is nothing", async () => {
    await using server = await start(new SourceHistory());
    await using reference = await startSandbox({ history: new SourceHistory(), dialect: "reference" });

    expect(await bodyOf(server, `/stats/pipelines/${PIPELINE}/logs/${DAY}`)).toBeNull();
    expect(await bodyOf(reference, `/stats/pipelines/${PIPELINE}/logs/${DAY}`)).toEqual([]);
  });

  test("names the run as the reference does in its dialect", async () => {
    await using sandbox = await startSandbox({ history: historyOf(row()), dialect: "reference" });

    expect(await bodyOf(sandbox, `/stats/pipelines/${PIPELINE}/logs/${DAY}`)).toMatchObject([
      { workflow_run_uuid: "run-1" },
    ]);
  });
});

describe("statistics of a window", () => {
  test("carry the figures and the last run", async () => {
    await using sandbox = await start(historyOf(row({ isSuccessful: false }), row({ taskUuid: OTHER_TASK })));

    expect(await bodyOf(sandbox, `/stats/pipelines/${PIPELINE}/stats/${DAY}`)).toEqual({
      num_of_successes: 0,
      num_of_failures: 1,
      average_duration: 2000,
      is_last_run_successful: true,
      last_run_executed_at: "2026-03-10 12:00:00",
      last_run_duration: 2000,
    });
    expect(await bodyOf(sandbox, `/stats/tasks/${TASK}/stats/${DAY}`)).toMatchObject({
      num_of_successes: 0,
      num_of_failures: 1,
      average_duration: 1000,
    });
  });

  test("are zeros and year one for what never ran", async () => {
    await using sandbox = await start(new SourceHistory());

    expect(await bodyOf(sandbox, `/stats/pipelines/${PIPELINE}/stats/${DAY}`)).toEqual({
      num_of_successes: 0,
      num_of_failures: 0,
      average_duration: 0,
      is_last_run_successful: false,
      last_run_executed_at: "0001-01-01 00:00:00",
      last_run_duration: 0,
    });
  });
});

describe("aggregated statistics", () => {
  const days = Array.from({ length: 9 }, (_, day) =>
    row({ runUuid: `run-${day}`, executedAtMicros: at(`2026-03-0${day + 1} 12:00:00`) }),
  );

  test("come in no order, but always in the same one", async () => {
    await using sandbox = await start(historyOf(...days));
    const path = `/stats/pipelines/${PIPELINE}/aggregated-stats/2026-03-01 00:00:00/day/9`;
    const body = await bodyOf(sandbox, path);
    const inOrder = days.map((_, day) =>
      expect.objectContaining({ date_from: `2026-03-0${day + 1} 00:00:00` }),
    );

    expect(body).toEqual(expect.arrayContaining(inOrder));
    expect(body).not.toEqual(inOrder);
    expect(await bodyOf(sandbox, path)).toEqual(body);
  });

  test("bound a period by its first and last second", async () => {
    await using sandbox = await start(historyOf(row()));

    expect(
      await bodyOf(sandbox, `/stats/tasks/${TASK}/aggregated-stats/2026-01-01 00:00:00/quarter/1`),
    ).toEqual([
      {
        date_from: "2026-01-01 00:00:00",
        date_to: "2026-03-31 23:59:59",
        num_of_successes: 1,
        num_of_failures: 0,
        average_duration: 1000,
      },
    ]);
  });

  test("hold what was read before where there are more failures than runs, if counts are unsigned", async () => {
    const failure = {
      runUuid: "bad",
      isSuccessful: false,
      executedAtMicros: at("2026-03-12 12:00:00"),
    };
    const history = historyOf(...days, row(failure), row({ ...failure, taskUuid: OTHER_TASK }));
    const stats = `/stats/pipelines/${PIPELINE}/stats`;
    const bad = `${stats}/2026-03-12 00:00:00/2026-03-13 00:00:00`;
    await using sandbox = await startSandbox({ history, dialect: "unsigned", clock: () => LATER });
    const zeros = { num_of_successes: 0, num_of_failures: 0, average_duration: 0 };

    expect(await bodyOf(sandbox, bad)).toMatchObject({
      ...zeros,
      last_run_executed_at: "2026-03-12 12:00:00",
      last_run_duration: 2000,
    });
    await bodyOf(sandbox, `${stats}/2026-03-01 00:00:00/2026-03-02 00:00:00`);
    expect(await bodyOf(sandbox, bad)).toMatchObject({ ...zeros, average_duration: 1000 });
    const ofTask = `/stats/tasks/${OTHER_TASK}/aggregated-stats/2026-03-12 00:00:00/day/1`;
    expect(await bodyOf(sandbox, ofTask)).toMatchObject([{ num_of_failures: 1, average_duration: 1000 }]);

    await using signed = await start(history);
    expect(await bodyOf(signed, bad)).toMatchObject({ num_of_successes: -1, num_of_failures: 2 });
  });

  test("are null when there is nothing", async () => {
    await using sandbox = await start(historyOf(row()));

    expect(
      await bodyOf(sandbox, `/stats/tasks/${TASK}/aggregated-stats/2025-01-01 00:00:00/day/3`),
    ).toBeNull();
  });

  test.each([
    ["server", "2026-03-01 00:00:00", 200],
    ["server", "2026-03-01", 400],
    ["reference", "2026-03-01", 200],
    ["reference", "2026-03-01 00:00:00", 400],
  ] as const)("in the %s dialect answer %s with %i", async (dialect, date, status) => {
    await using sandbox = await startSandbox({ history: historyOf(...days), dialect });
    const response = await ask(sandbox, `/stats/pipelines/${PIPELINE}/aggregated-stats/${date}/day/1`);

    expect(response.status).toBe(status);
  });
});

describe("the last run", () => {
  test("is the newest row, summed over its run", async () => {
    await using sandbox = await start(
      historyOf(row(), row({ executedAtMicros: at("2026-03-10 12:00:01.9"), isSuccessful: false })),
    );

    expect(await bodyOf(sandbox, `/stats/pipelines/${PIPELINE}/last-run/stats`)).toEqual({
      is_successful: false,
      executed_at: "2026-03-10 12:00:01",
      duration: 2000,
    });
  });

  test("of what never ran is 403 with an empty body", async () => {
    await using sandbox = await start(new SourceHistory());
    const response = await ask(sandbox, `/stats/tasks/${TASK}/last-run/stats`);

    expect([response.status, await response.text()]).toEqual([403, ""]);
  });
});

describe("running a pipeline", () => {
  const history = () => historyOf(row(), row({ taskUuid: OTHER_TASK, taskType: "condition" }));

  test("makes a run that unfolds as the clock moves", async () => {
    const now = Date.parse("2026-03-12T08:00:00Z");
    await using sandbox = await start(history());
    sandbox.setClock(() => new Date(now));
    const started = await bodyOf(sandbox, `/pipelines/${PIPELINE}/runs/`, "POST");
    const rowsAfter = async (seconds: number) => {
      sandbox.setClock(() => new Date(now + seconds * 1000));
      return await bodyOf(
        sandbox,
        `/stats/pipelines/${PIPELINE}/logs/2026-03-12 00:00:00/2026-03-13 00:00:00`,
      );
    };

    expect(await rowsAfter(2)).toBeNull();
    expect(await rowsAfter(3)).toMatchObject([{ task_uuid: TASK, executed_at: "2026-03-12T08:00:02Z" }]);
    expect(await rowsAfter(5)).toMatchObject([
      { ...Object(started), task_uuid: OTHER_TASK, task_type: "condition" },
      { ...Object(started), task_uuid: TASK },
    ]);
  });

  test("is answered with the pending task run in the reference's dialect", async () => {
    await using sandbox = await startSandbox({ history: history(), dialect: "reference" });

    expect(await bodyOf(sandbox, `/pipelines/${PIPELINE}/runs/`, "POST")).toMatchObject([
      { state: "pending", task_uuid: TASK, workflow_run_uuid: expect.any(String) },
    ]);
  });

  test("can be answered with an empty body", async () => {
    await using sandbox = await startSandbox({ history: history(), runAnswer: "empty" });
    const response = await ask(sandbox, `/pipelines/${PIPELINE}/runs`, { method: "POST" });

    expect([response.status, await response.text()]).toEqual([200, ""]);
  });

  test("happens even when the connection is reset before the answer", async () => {
    await using sandbox = await startSandbox({ history: history() });
    sandbox.faults.next({ fault: { kind: "reset" }, match: "/runs" });

    await expect(ask(sandbox, `/pipelines/${PIPELINE}/runs/`, { method: "POST" })).rejects.toThrow(
      "fetch failed",
    );
    expect(sandbox.requests.at(-1)).toMatchObject({ status: null });
    expect(await bodyOf(sandbox, `/stats/pipelines/${PIPELINE}/stats/${DAY}`)).toMatchObject({
      num_of_successes: 1,
    });
  });

  test("is 404 for a pipeline nobody knows", async () => {
    await using sandbox = await start(new SourceHistory());

    expect((await ask(sandbox, `/pipelines/${PIPELINE}/runs/`, { method: "POST" })).status).toBe(404);
  });
});

describe("errors", () => {
  test.each([
    `/stats/pipelines/no-uuid/logs/${DAY}`,
    `/stats/pipelines/${PIPELINE}/logs/2026-03-10/2026-03-11`,
    `/stats/pipelines/${PIPELINE}/logs/2026-02-30 00:00:00/2026-03-11 00:00:00`,
    `/stats/tasks/${TASK}/aggregated-stats/2026-03-01 00:00:00/hour/1`,
    `/stats/tasks/${TASK}/aggregated-stats/2026-03-01 00:00:00/day/many`,
  ])("400 for %s", async (path) => {
    await using sandbox = await start(new SourceHistory());
    const response = await ask(sandbox, path);

    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      code: 400,
      message: "Bad Request",
      errors: [expect.any(String)],
    });
  });

  test("404 for a path that does not exist", async () => {
    await using sandbox = await start(new SourceHistory());

    expect((await ask(sandbox, "/stats/pipelines")).status).toBe(404);
  });
});

test("the Date header tells the sandbox's time", async () => {
  await using sandbox = await start(new SourceHistory());
  const response = await fetch(sandbox.url);

  expect(response.headers.get("date")).toBe(LATER.toUTCString());
});

test("requests are logged without their query", async () => {
  await using sandbox = await start(historyOf(row()));
  const path = `/stats/pipelines/${PIPELINE}/logs/${DAY}`;
  const response = await ask(sandbox, path);
  const bytes = (await response.text()).length;

  expect(sandbox.requests).toEqual([
    { method: "GET", path: "/v1/oauth/token", status: 200, bytes: expect.any(Number), at: LATER },
    { method: "GET", path: `/v1${path}`, status: 200, bytes, at: LATER },
  ]);
  sandbox.resetCounters();
  expect(sandbox.requests).toEqual([]);
});

async function start(history: SourceHistory): Promise<Sandbox> {
  return startSandbox({ history, clock: () => LATER });
}

async function bodyOf(sandbox: Sandbox, path: string, method = "GET"): Promise<unknown> {
  const response = await ask(sandbox, path, { method });
  expect(response.status).toBe(200);
  return response.json();
}
