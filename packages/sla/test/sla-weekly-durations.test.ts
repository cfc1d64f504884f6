import { expect, it } from "vitest";
import { weeklyDurations } from "../src/score/weekly-durations.ts";
import { inMicros } from "../src/calendar/interval.ts";
import { weekOf } from "../src/calendar/week.ts";
import { orders, run, runsOf } from "../src/testing/sla-fixture.ts";

const weeks = {
  weeks: [weekOf("2026-W11", "Europe/Berlin"), weekOf("2026-W12", "Europe/Berlin")],
  counted: inMicros,
};

it("gives nearest-rank percentiles: durations that there were, never one between", () => {
  const runs = Array.from({ length: 20 }, (_, index) =>
    run("2026-03-18T12:00:00Z", { elapsedMs: (20 - index) * 1000 }),
  );
  expect(weeklyDurations(runsOf(orders.uuid, runs), weeks)).toEqual([
    { week: "2026-W12", pipelineUuid: orders.uuid, runs: 20, p50Ms: 10_000, p95Ms: 19_000 },
  ]);
});

it("gives a run to the week in which it finished, and leaves weeks without a run out", () => {
  const runs = [
    run("2026-03-15T22:59:59Z", { elapsedMs: 1000 }),
    run("2026-03-15T23:00:00Z", { elapsedMs: 2000 }),
  ];
  expect(weeklyDurations(runsOf(orders.uuid, runs), weeks)).toEqual([
    { week: "2026-W11", pipelineUuid: orders.uuid, runs: 1, p50Ms: 1000, p95Ms: 1000 },
    { week: "2026-W12", pipelineUuid: orders.uuid, runs: 1, p50Ms: 2000, p95Ms: 2000 },
  ]);
  expect(weeklyDurations(runsOf(orders.uuid, []), weeks)).toEqual([]);
});
