import { expect, test } from "vitest";
import { english } from "@runledger/wording";
import { causeOf } from "../src/cause.ts";
import type { DeadlineDay, DeadlineStatus } from "@runledger/sla";
import { fixtureReport, objective } from "@runledger/sla/testing/fixture-report";

const anyDay = first(fixtureReport().deadlines);
const anyIncident = first(fixtureReport().incidents);
const bySix = objective({ id: "by-six" });

function day(date: number, status: DeadlineStatus, lateMinutes: number | null = null): DeadlineDay {
  const lateByMs = lateMinutes === null ? null : lateMinutes * 60_000;
  return { ...anyDay, objective: "by-six", date: `2026-03-${date}`, status, lateByMs };
}

test.each([
  [
    "the later of two late days",
    [day(16, "late", 10), day(17, "late", 50), day(18, "late", 20)],
    "Tue 17 Mar, 50 min late",
  ],
  [
    "the first of two that are as late",
    [day(16, "late", 10), day(17, "late", 10)],
    "Mon 16 Mar, 10 min late",
  ],
  ["a day without a run before a late one", [day(16, "late", 900), day(18, "no_run")], "Wed 18 Mar, no run"],
  [
    "one of failed runs before a late one",
    [day(16, "missed"), day(18, "late", 900)],
    "Mon 16 Mar, no successful run",
  ],
  [
    "the first of two without success",
    [day(17, "missed"), day(18, "no_run")],
    "Tue 17 Mar, no successful run",
  ],
  [
    "none but bad days",
    [day(16, "on_time"), day(17, "pending"), day(18, "excused"), day(19, "late", 1)],
    "Thu 19 Mar, 1 min late",
  ],
])("names as the worst day %s", (_, deadlines, words) => {
  const others = [{ ...day(20, "no_run"), objective: "another" }];
  const report = fixtureReport({ deadlines: [...others, ...deadlines], incidents: [] });
  expect(causeOf(bySix, report, english)).toBe(`Worst day: ${words}`);
});

test("names the task that failed first most often, of this objective's incidents", () => {
  const incidents = ["Load", "Check", "Check", null].map((firstFailedTask) => ({
    ...anyIncident,
    objective: "by-six",
    firstFailedTask,
  }));
  const others = Array.from({ length: 5 }, () => ({
    ...anyIncident,
    objective: "x",
    firstFailedTask: "Load",
  }));
  const report = fixtureReport({ deadlines: [], incidents: [...incidents, ...others] });
  expect(causeOf(bySix, report, english)).toBe("First to fail: Check (in 2 of 3 incidents)");
  expect(causeOf(bySix, { ...report, incidents: others }, english)).toBeNull();
});

function first<T>([one]: readonly T[]): T {
  if (one === undefined) throw new Error("the fixture has some");
  return one;
}
