import { describe, expect, test } from "vitest";

import {
  ConfigurationError,
  ForbiddenError,
  InvalidResponseError,
  RequestRefusedError,
} from "../src/index.ts";
import { HOUR, PIPELINE, type Reply, failureOf, ylem } from "./ylem.ts";

const NEVER = { isLastRunSuccessful: null, lastRunExecutedAt: null, lastRunDurationMs: null };

describe("the statistics of a window", () => {
  const STATS = {
    num_of_successes: -1,
    num_of_failures: 2,
    average_duration: 1245,
    is_last_run_successful: false,
    last_run_executed_at: "2026-03-01 00:30:00",
    last_run_duration: 900,
  };

  test.each([
    ["pipeline", "pipelines"],
    ["task", "tasks"],
  ] as const)("of a %s are read, a negative count included", async (kind, plural) => {
    const server = await ylem(() => ({ json: STATS }));
    expect(await server.client().stats(kind, PIPELINE, HOUR)).toEqual({
      successes: -1,
      failures: 2,
      averageDurationMs: 1245,
      isLastRunSuccessful: false,
      lastRunExecutedAt: new Date("2026-03-01T00:30:00Z"),
      lastRunDurationMs: 900,
    });
    expect(server.requests[0]?.path).toBe(
      `/stats/${plural}/${PIPELINE}/stats/2026-03-01 00:00:00/2026-03-01 01:00:00`,
    );
  });

  test("know the zero time as never", async () => {
    const server = await ylem(() => ({ json: { ...STATS, last_run_executed_at: "0001-01-01 00:00:00" } }));
    expect(await server.client().stats("pipeline", PIPELINE, HOUR)).toMatchObject({
      successes: -1,
      ...NEVER,
    });
  });

  test("are zero for null", async () => {
    const server = await ylem(() => ({ json: null }));
    const none = { successes: 0, failures: 0, averageDurationMs: 0, ...NEVER };
    expect(await server.client().stats("pipeline", PIPELINE, HOUR)).toEqual(none);
  });

  test.each<[string, Reply]>([
    ["an empty body", { text: "" }],
    ["a list", { json: [STATS] }],
    ["text for a number", { json: { ...STATS, num_of_failures: "2" } }],
    ["a time that is none", { json: { ...STATS, last_run_executed_at: "2026-13-01 00:00:00" } }],
    ["1 for true", { json: { ...STATS, is_last_run_successful: 1 } }],
  ])("are not read from %s", async (_, reply) => {
    const server = await ylem(() => reply);
    expect(await failureOf(server.client().stats("pipeline", PIPELINE, HOUR))).toBeInstanceOf(
      InvalidResponseError,
    );
  });
});

describe("aggregated statistics", () => {
  const FROM = new Date("2026-01-15T17:00:00Z");
  const month = (from: string, to: string): object => ({
    date_from: from,
    date_to: to,
    num_of_successes: 3,
    num_of_failures: 1,
    average_duration: 10,
  });

  test("are sorted, each period up to the start of the next", async () => {
    const server = await ylem(() => ({
      json: [
        month("2026-02-01 00:00:00", "2026-02-28 23:59:59"),
        month("2026-01-01 00:00:00", "2026-01-31 23:59:59"),
      ],
    }));
    const counts = { successes: 3, failures: 1, averageDurationMs: 10 };
    expect(await server.client().aggregatedStats("pipeline", PIPELINE, FROM, "month", 2)).toEqual([
      { from: new Date("2026-01-01"), to: new Date("2026-02-01"), ...counts },
      { from: new Date("2026-02-01"), to: new Date("2026-03-01"), ...counts },
    ]);
    expect(server.requests[0]?.path).toBe(
      `/stats/pipelines/${PIPELINE}/aggregated-stats/2026-01-15 00:00:00/month/2`,
    );
  });

  test.each([
    ["day", "2024-02-29", "2024-03-01"],
    ["week", "2024-12-30", "2025-01-06"],
    ["month", "2024-12-01", "2025-01-01"],
    ["quarter", "2024-10-01", "2025-01-01"],
    ["year", "2024-01-01", "2025-01-01"],
  ] as const)("end a %s that starts on %s on %s", async (period, from, to) => {
    const server = await ylem(() => ({ json: [month(from, from)] }));
    const stats = await server.client().aggregatedStats("task", PIPELINE, FROM, period, 1);
    expect(stats).toMatchObject([{ from: new Date(from), to: new Date(to) }]);
  });

  test("leave out what the server read of a negative count: no successes, and the dates of another row, or none", async () => {
    const unread = { num_of_successes: 0, num_of_failures: 1, average_duration: 10 };
    const server = await ylem(() => ({
      json: [
        { ...month("0001-01-01 00:00:00", "0001-01-01 00:00:00"), ...unread },
        { ...month("2026-01-01 00:00:00", "2026-01-31 23:59:59"), ...unread },
        month("2026-01-01 00:00:00", "2026-01-31 23:59:59"),
      ],
    }));
    expect(await server.client().aggregatedStats("pipeline", PIPELINE, FROM, "month", 2)).toEqual([
      {
        from: new Date("2026-01-01"),
        to: new Date("2026-02-01"),
        successes: 3,
        failures: 1,
        averageDurationMs: 10,
      },
    ]);
  });

  test("are none for null", async () => {
    const server = await ylem(() => ({ json: null }));
    expect(await server.client().aggregatedStats("pipeline", PIPELINE, FROM, "day", 7)).toEqual([]);
  });

  test.each<[string, Reply]>([
    ["an empty body", { text: "" }],
    ["an object around the list", { json: { stats: [] } }],
    ["an end beyond the period", { json: [month("2026-01-01 00:00:00", "2026-02-02 00:00:00")] }],
    ["a zero time", { json: [month("0001-01-01 00:00:00", "0001-01-31 23:59:59")] }],
  ])("are not read from %s", async (_, reply) => {
    const server = await ylem(() => reply);
    const error = await failureOf(server.client().aggregatedStats("pipeline", PIPELINE, FROM, "month", 1));
    expect(error).toBeInstanceOf(InvalidResponseError);
  });

  test.each([0, 1.5, Number.NaN])("are not asked for over %d periods", async (count) => {
    const server = await ylem(() => ({ json: null }));
    const error = await failureOf(server.client().aggregatedStats("pipeline", PIPELINE, FROM, "day", count));
    expect(error).toBeInstanceOf(ConfigurationError);
  });

  describe("write the first date", () => {
    const wants =
      (form: RegExp) =>
      ({ path }: { path: string }) =>
        form.test(path) ? { json: [] } : { status: 400 };
    const DATE_ONLY = /\/2026-01-15\/month/;

    test("in the other form after a 400, and in that from then on", async () => {
      const server = await ylem(wants(DATE_ONLY));
      const client = server.client();
      const ask = async (): Promise<unknown> =>
        await client.aggregatedStats("pipeline", PIPELINE, FROM, "month", 1);
      expect(await ask()).toEqual([]);
      expect(await Promise.all([ask(), ask(), ask()])).toEqual([[], [], []]);
      expect(server.requests.map(({ path }) => DATE_ONLY.test(path))).toEqual([
        false,
        true,
        true,
        true,
        true,
      ]);
    });

    test("in the form that works, though many callers find out at once", async () => {
      const server = await ylem(wants(DATE_ONLY));
      const client = server.client({ concurrency: 3 });
      const ask = async (): Promise<unknown> =>
        await client.aggregatedStats("pipeline", PIPELINE, FROM, "month", 1);
      await Promise.all(Array.from({ length: 9 }, ask));
      const found = server.requests.length;
      await Promise.all(Array.from({ length: 9 }, ask));
      expect(server.requests.slice(found).map(({ path }) => DATE_ONLY.test(path))).toEqual(
        Array(9).fill(true),
      );
    });

    test("in the server's form again when neither worked", async () => {
      const server = await ylem(({ path }, nth) =>
        nth <= 2 ? { status: 400 } : wants(/ 00:00:00\/month/)({ path }),
      );
      const client = server.client();
      const ask = async (): Promise<unknown> =>
        await client.aggregatedStats("pipeline", PIPELINE, FROM, "month", 1);
      expect(await failureOf(ask())).toBeInstanceOf(RequestRefusedError);
      expect(await ask()).toEqual([]);
      expect(server.requests).toHaveLength(3);
    });
  });
});

describe("the last run", () => {
  test.each(["2026-03-01 00:30:00", "2026-03-01T00:30:00Z", "2026-03-01T01:30:00+01:00"])(
    "ended at %s",
    async (at) => {
      const server = await ylem(() => ({ json: { is_successful: true, executed_at: at, duration: 5 } }));
      expect(await server.client().lastRun("task", PIPELINE)).toEqual({
        isSuccessful: true,
        executedAt: new Date("2026-03-01T00:30:00Z"),
        durationMs: 5,
      });
      expect(server.requests[0]?.path).toBe(`/stats/tasks/${PIPELINE}/last-run/stats`);
    },
  );

  test.each<[string, Reply]>([
    ["null", { json: null }],
    ["an empty body", { text: "" }],
    ["the zero time", { json: { is_successful: false, executed_at: "0001-01-01 00:00:00", duration: 0 } }],
    ["403", { status: 403 }],
  ])("is none for %s", async (_, reply) => {
    const server = await ylem(() => reply);
    expect(await server.client().lastRun("pipeline", PIPELINE)).toBeNull();
  });

  const refusesTo = async (scope: string) =>
    await ylem(
      () => ({ status: 403 }),
      () => ({ json: { access_token: "t", expires_in: 60, scope } }),
    );

  test.each(["", "workflows:run", "pipelines:run,stats:read"])(
    "is none for 403 and the scopes %j",
    async (scope) => {
      const server = await refusesTo(scope);
      expect(await server.client().lastRun("pipeline", PIPELINE)).toBeNull();
    },
  );

  test("is forbidden by 403 when the scope is surely missing", async () => {
    const server = await refusesTo("pipelines:run");
    expect(await failureOf(server.client().lastRun("pipeline", PIPELINE))).toBeInstanceOf(ForbiddenError);
  });

  test("is not asked for of what has no UUID", async () => {
    const server = await ylem(() => ({ json: null }));
    expect(await failureOf(server.client().lastRun("pipeline", "../../oauth"))).toBeInstanceOf(
      ConfigurationError,
    );
    expect(server.requests).toHaveLength(0);
  });
});
