import { exampleFaults } from "@runledger/cli/testing";
import { expect, test } from "vitest";
import { doctor } from "../src/commands/doctor.ts";
import { migrate } from "../src/commands/migrate.ts";
import { status } from "../src/commands/status.ts";
import { sync } from "../src/commands/sync.ts";
import { trigger } from "../src/commands/trigger.ts";
import { verify } from "../src/commands/verify.ts";
import type { YlemContext } from "../src/sync/ylem.ts";
import { at, DAY_S, ORDERS, rowsOf, setUp } from "./sync-world.ts";

const NOW = at(3 * DAY_S);
const TASK = { isSuccessful: true, durationMs: 60_000, micros: 0, copies: 1 };

test("prints what docs/json.md shows", async () => {
  const rows = rowsOf(ORDERS, [
    { startSecond: 3600, tasks: [TASK, TASK] },
    { startSecond: DAY_S + 3600, tasks: [TASK, { ...TASK, isSuccessful: false }] },
  ]);
  await using world = await setUp(rows, { now: NOW });
  const printed = async (command: (context: YlemContext) => Promise<unknown>): Promise<string> => {
    const context = world.context(NOW, { isJson: true });
    await command(context);
    return context.printed.out;
  };
  const faults = [
    ...exampleFaults("ingest migrate", await printed(migrate)),
    ...exampleFaults("ingest sync --dry-run", await printed((context) => sync(context, { dryRun: true }))),
  ];
  await printed((context) => sync(context, {}));
  // A row that the source does not have: its day is in dispute.
  await world.history.pool.query(
    "delete from runledger.task_runs where executed_at < '2026-03-02'; delete from runledger.runs where finished_at < '2026-03-02'",
  );
  faults.push(
    ...exampleFaults("ingest sync", await printed((context) => verify(context, {}))),
    ...exampleFaults("ingest status", await printed(status)),
    ...exampleFaults("ingest trigger NAME", await printed((context) => trigger(context, {}, ["orders"]))),
    ...exampleFaults("ingest doctor", await printed(doctor)),
  );
  expect(faults).toEqual([]);
});
