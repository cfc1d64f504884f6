import { describe, expect, it } from "vitest";
import type { ObjectiveEvent } from "../src/runs/objective-event.ts";
import { incidentsIn, incidentsOf } from "../src/score/incidents.ts";
import { inMicros } from "../src/calendar/interval.ts";
import { weekOf, type Week } from "../src/calendar/week.ts";
import { failedRun, instant, loadOrders, orders, run, succeeds } from "../src/testing/sla-fixture.ts";

const monday = "2026-03-16T06:00:00.000Z";
const tuesday = "2026-03-17T06:00:00.000Z";
const wednesday = "2026-03-18T06:00:00.000Z";
const thursday = "2026-03-19T06:00:00.000Z";

describe("incidentsOf", () => {
  it("opens one at the first bad event and closes it at the next good one", () => {
    expect(incidents(good(monday), bad(tuesday), bad(wednesday), good(thursday))).toEqual([
      {
        objective: "success",
        pipelineUuid: orders.uuid,
        pipelineName: "orders",
        openedAt: instant(tuesday),
        closedAt: instant(thursday),
        badEvents: 2,
        firstFailedTaskUuid: loadOrders,
        firstFailedTask: "Load orders",
        errorMessage: "relation does not exist",
      },
    ]);
  });

  it("makes two of bad events that a good one parts", () => {
    expect(incidents(bad(monday), good(tuesday), bad(wednesday))).toMatchObject([
      { openedAt: instant(monday), closedAt: instant(tuesday), badEvents: 1 },
      { openedAt: instant(wednesday), closedAt: null, badEvents: 1 },
    ]);
  });

  it("makes one of bad events at one instant, whatever stands between them", () => {
    expect(incidents(bad(monday), good(monday), bad(monday), good(tuesday))).toMatchObject([
      { openedAt: instant(monday), closedAt: instant(tuesday), badEvents: 2 },
    ]);
    expect(incidents(bad(monday), good(tuesday), bad(tuesday))).toMatchObject([
      { openedAt: instant(monday), closedAt: instant(tuesday), badEvents: 1 },
      { openedAt: instant(tuesday), closedAt: null, badEvents: 1 },
    ]);
  });

  it("lets excluded events neither open, lengthen nor close one", () => {
    expect(
      incidents(
        excludedFrom(bad(monday)),
        bad(tuesday),
        excludedFrom(good(wednesday)),
        excludedFrom(bad(wednesday)),
        good(thursday),
      ),
    ).toMatchObject([{ openedAt: instant(tuesday), closedAt: instant(thursday), badEvents: 1 }]);
  });

  it("falls back to the task's UUID where it has no name", () => {
    const [incident] = incidentsOf(succeeds, [bad(monday)], new Map());
    expect(incident?.firstFailedTask).toBe(loadOrders);
  });

  it("names no task where none failed, as when a run was slow or never came", () => {
    const nothing = { firstFailedTaskUuid: null, firstFailedTask: null, errorMessage: null };
    expect(incidents({ ...bad(monday), run: run(monday) })).toMatchObject([nothing]);
    expect(incidents({ ...bad(monday), run: null })).toMatchObject([nothing]);
  });
});

describe("incidentsIn", () => {
  const [week11, week12, week13] = ["2026-W11", "2026-W12", "2026-W13"].map((id) => weekOf(id, "UTC"));
  const asOf = instant("2026-03-19T06:00:00Z");

  it("splits an incident's time among the weeks it touches", () => {
    const over = incidents(bad("2026-03-15T23:00:00.001Z"), good("2026-03-16T06:00:00Z"));
    expect(seenFrom(over, week11, week12, week13)).toEqual([3_599_999, 6 * 3_600_000, undefined]);
  });

  it("shows it also in the week that it is closed at the first instant of", () => {
    const over = incidents(bad("2026-03-15T12:00:00Z"), good("2026-03-16T00:00:00Z"));
    expect(seenFrom(over, week11, week12, week13)).toEqual([12 * 3_600_000, 0, undefined]);
  });

  it("lets an open one go on through the week's end, or to as-of", () => {
    const open = incidents(bad("2026-03-15T23:00:00Z"));
    expect(seenFrom(open, week11, week12)).toEqual([3_600_000, 78 * 3_600_000]);
  });

  function seenFrom(all: ReturnType<typeof incidents>, ...weeks: (Week | undefined)[]) {
    return weeks.map((week) => week && incidentsIn(all, inMicros(week), asOf)[0]?.inWeekMs);
  }
});

function incidents(...events: ObjectiveEvent[]) {
  return incidentsOf(succeeds, events, new Map([[loadOrders, "Load orders"]]));
}

function good(at: string): ObjectiveEvent {
  return { at: instant(at), isGood: true, isExcluded: false, run: run(at) };
}

function bad(at: string): ObjectiveEvent {
  return { at: instant(at), isGood: false, isExcluded: false, run: failedRun(at) };
}

function excludedFrom(event: ObjectiveEvent): ObjectiveEvent {
  return { ...event, isExcluded: true };
}
