import { exitCode } from "@runledger/cli";
import { YlemClient } from "@runledger/ylem-client";
import fc from "fast-check";
import { expect, test } from "vitest";
import { sync } from "../src/commands/sync.ts";
import {
  at,
  CRM,
  DAY_S,
  ORDERS,
  rowsOf,
  setUp,
  sourceRows,
  storedRows,
  type RunShape,
} from "./sync-world.ts";

const HOUR_S = 3600;
const NIGHTS = 31;
const TASKS = 3;

/** Hours in which the queue stood still, twice a week, and how much later it delivered their rows. */
const standstills = fc
  .sample(
    fc.record({
      hour: fc.nat(23),
      minutes: fc.integer({ min: 60, max: 120 }),
      hoursLate: fc.integer({ min: 1, max: 60 }),
    }),
    { numRuns: 9, seed: 11 },
  )
  .map(({ hour, minutes, hoursLate }, index) => {
    const from = Math.floor(index * 3.5) * DAY_S + hour * HOUR_S;
    return { from, to: from + minutes * 60, lateMs: hoursLate * HOUR_S * 1000 };
  });

/** A month with a run every five minutes. */
const month: RunShape[] = Array.from({ length: (NIGHTS - 3) * 288 }, (_, index) => {
  const startSecond = index * 300 + 7;
  const lateMs = standstills.find(({ from, to }) => from <= startSecond && startSecond < to)?.lateMs ?? 0;
  return {
    startSecond,
    tasks: Array.from({ length: TASKS }, (_task, task) => ({
      isSuccessful: (index + task) % 40 > 0,
      durationMs: 20_000 + (index % 100) * 300,
      micros: 123_456,
      copies: 1,
      lateMs,
    })),
  };
});

/** The size of the log if each row is sent once. */
async function bytesOfRows({ sandbox }: Awaited<ReturnType<typeof setUp>>): Promise<number> {
  const { url: baseUrl, clientId, clientSecret } = sandbox;
  const client = new YlemClient({ baseUrl, clientId, clientSecret });
  const { bytes } = await client.runLog(ORDERS, { from: at(0), to: at(40 * DAY_S) });
  await client.close();
  return bytes;
}

test("reads a month of late rows hardly more than once", async () => {
  const rows = rowsOf(ORDERS, month);
  await using world = await setUp(rows, { now: at(0) });
  for (let night = 1; night <= NIGHTS; night += 1) {
    expect(await sync(world.at(at(night * DAY_S + 2 * HOUR_S)), { pipeline: ["orders"] })).toBe(
      exitCode.done,
    );
  }
  expect(await storedRows(world.history)).toEqual(sourceRows(rows));

  const logs = world.sandbox.requests.filter(({ path }) => path.includes("/logs/"));
  const fetched = logs.reduce((sum, { bytes }) => sum + bytes, 0);
  const ratio = fetched / (await bytesOfRows(world));
  console.log(
    `log bytes fetched per byte of rows: ${ratio.toFixed(3)}; requests a night: ` +
      (world.sandbox.requests.length / NIGHTS).toFixed(1),
  );
  expect(ratio).toBeLessThanOrEqual(1.2);
});

test("asks little on a night with nothing new", async () => {
  const rows = [ORDERS, CRM].flatMap((uuid) => rowsOf(uuid, month.slice(0, 288)));
  await using world = await setUp(rows, { now: at(0) });
  await sync(world.at(at(3 * DAY_S)), {});
  await sync(world.at(at(5 * DAY_S)), {});
  world.sandbox.resetCounters();
  await sync(world.at(at(6 * DAY_S)), {});
  const [token, ...requests] = world.sandbox.requests.map(({ path }) => path);
  expect(token).toContain("/oauth/token");
  expect(requests).toHaveLength(2 * (2 + TASKS));

  // On Monday the week that has closed is asked for, once.
  world.sandbox.resetCounters();
  await sync(world.at(at(8 * DAY_S)), {});
  await sync(world.at(at(9 * DAY_S)), {});
  const ofWeeks = world.sandbox.requests.filter(({ path }) => path.includes("/week/"));
  expect(ofWeeks).toHaveLength(2 * (1 + TASKS));
});
