import { describe, expect, it } from "vitest";
import type { ObjectiveEvent } from "../src/sla/event.ts";
import { incidentsOf, opensIn, overlaps } from "../src/sla/incidents.ts";
import { weekOf } from "../src/week.ts";
import { failedRun, loadOrders, orders, run, succeeds } from "./sla-fixture.ts";

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
        openedAt: new Date(tuesday),
        closedAt: new Date(thursday),
        badEvents: 2,
        firstFailedTaskUuid: loadOrders,
        firstFailedTask: "Load orders",
        errorMessage: "relation does not exist",
      },
    ]);
  });

  it("makes two of bad events that a good one parts", () => {
    expect(incidents(bad(monday), good(tuesday), bad(wednesday))).toMatchObject([
      { openedAt: new Date(monday), closedAt: new Date(tuesday), badEvents: 1 },
      { openedAt: new Date(wednesday), closedAt: null, badEvents: 1 },
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
    ).toMatchObject([{ openedAt: new Date(tuesday), closedAt: new Date(thursday), badEvents: 1 }]);
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

describe("the weeks of an incident", () => {
  const week11 = weekOf("2026-W11", "UTC");
  const week12 = weekOf("2026-W12", "UTC");
  const week13 = weekOf("2026-W13", "UTC");

  it("counts it in the week it opened in only, and shows it in all it touches", () => {
    const [incident] = incidents(bad("2026-03-15T23:59:59.999Z"), good(wednesday));
    if (incident === undefined) throw new Error("there is one");
    expect([week11, week12, week13].map((week) => opensIn(incident, week))).toEqual([true, false, false]);
    expect([week11, week12, week13].map((week) => overlaps(incident, week))).toEqual([true, true, false]);
  });

  it("ends before the week that it is closed at the very start of", () => {
    const [incident] = incidents(bad("2026-03-15T12:00:00Z"), good("2026-03-16T00:00:00Z"));
    if (incident === undefined) throw new Error("there is one");
    expect(overlaps(incident, week12)).toBe(false);
  });

  it("goes on while it is open", () => {
    const [incident] = incidents(bad(monday));
    if (incident === undefined) throw new Error("there is one");
    expect(overlaps(incident, weekOf("2026-W40", "UTC"))).toBe(true);
  });
});

function incidents(...events: ObjectiveEvent[]) {
  return incidentsOf(succeeds, events, new Map([[loadOrders, "Load orders"]]));
}

function good(at: string): ObjectiveEvent {
  return { at: new Date(at), isGood: true, isExcluded: false, run: run(at) };
}

function bad(at: string): ObjectiveEvent {
  return { at: new Date(at), isGood: false, isExcluded: false, run: failedRun(at) };
}

function excludedFrom(event: ObjectiveEvent): ObjectiveEvent {
  return { ...event, isExcluded: true };
}
