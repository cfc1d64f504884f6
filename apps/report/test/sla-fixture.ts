import type { Agreement, Objective, ObjectiveMeasure, PipelineConfig, Weekday } from "@runledger/config";
import { english } from "../src/languages/en-GB.ts";
import type { ObjectiveResult } from "../src/report-model.ts";
import type { Run } from "../src/sla/run.ts";
import { scoreAgreement, type AgreementScore } from "../src/sla/score.ts";
import type { ScoringInput } from "../src/sla/scoring-input.ts";
import { weekOf } from "../src/week.ts";

export const orders = pipeline("7b1c0f7e-0000-4000-8000-000000000001", "orders");
export const billing = pipeline("7b1c0f7e-0000-4000-8000-000000000002", "billing");

export const loadOrders = "1f0d3b52-0000-4000-8000-000000000002";

/** At least 98 % of the runs of `orders` succeed. */
export const succeeds = objective({ kind: "success" });

export function objective(
  measure: ObjectiveMeasure,
  changes: Partial<Pick<Objective, "id" | "pipeline" | "target" | "minRuns">> = {},
): Objective {
  return {
    id: measure.kind,
    pipeline: orders,
    target: { numerator: 98, denominator: 100 },
    minRuns: 1,
    ...changes,
    ...measure,
  };
}

/** A run of `orders` that finished at the given instant, after ten minutes and two tasks. */
export function run(finishedAt: string, changes: Partial<Run> = {}): Run {
  const finish = new Date(finishedAt);
  const elapsedMs = changes.elapsedMs ?? 600_000;
  return {
    runUuid: `run ${finishedAt}`,
    pipelineUuid: orders.uuid,
    startedAt: new Date(finish.getTime() - elapsedMs),
    finishedAt: finish,
    elapsedMs,
    isSuccessful: true,
    taskCount: 2,
    failedTaskCount: 0,
    firstFailedTaskUuid: null,
    errorMessage: null,
    ...changes,
  };
}

export function failedRun(finishedAt: string, changes: Partial<Run> = {}): Run {
  return run(finishedAt, {
    isSuccessful: false,
    failedTaskCount: 1,
    firstFailedTaskUuid: loadOrders,
    errorMessage: "relation does not exist",
    ...changes,
  });
}

/** `good` successful and `bad` failed runs, a minute apart from `from` on, the failed ones first. */
export function runs(from: string, good: number, bad: number): Run[] {
  return Array.from({ length: good + bad }, (_, index) => {
    const finishedAt = new Date(Date.parse(from) + index * 60_000).toISOString();
    return index < bad ? failedRun(finishedAt) : run(finishedAt);
  });
}

export interface Case extends Partial<Pick<ScoringInput, "asOf" | "taskNames">> {
  week?: string;
  runs?: readonly Run[];
  /** Finish of the last successful run of `orders` before the first of `runs`. */
  latestSuccessBefore?: string;
  agreement?: Partial<Agreement>;
  coverage?: Partial<ScoringInput["coverage"]>;
}

/**
 * Scores `succeeds` in week 12 of 2026 in Berlin, seen from a year later, in force since 2025 and with history that
 * is whole, but for what `changes` has.
 */
export function score(changes: Case = {}): AgreementScore {
  const agreement = {
    timezone: "Europe/Berlin",
    effectiveFrom: "2025-01-01",
    calendar: { workdays: [1, 2, 3, 4, 5] as Weekday[], holidays: null },
    exclusions: [],
    objectives: [succeeds],
    ...changes.agreement,
  };
  const asOf = changes.asOf ?? new Date("2027-03-22T00:00:00Z");
  return scoreAgreement({
    agreement,
    week: weekOf(changes.week ?? "2026-W12", agreement.timezone),
    asOf,
    runsOf: Map.groupBy(changes.runs ?? [], (each) => each.pipelineUuid),
    latestSuccessBefore: new Map(
      changes.latestSuccessBefore === undefined ? [] : [[orders.uuid, new Date(changes.latestSuccessBefore)]],
    ),
    coverage: {
      historyStart: new Date("2025-01-01T00:00:00Z"),
      syncedThrough: new Map([orders, billing].map(({ uuid }) => [uuid, asOf])),
      disputedDays: new Map(),
      ...changes.coverage,
    },
    taskNames: changes.taskNames ?? new Map(),
  });
}

/** A result with its facts in English words. */
export function inWords({ definition, reason, ...figures }: ObjectiveResult) {
  return {
    ...figures,
    definition: english.definition(definition),
    reason: english.reason(reason, definition),
  };
}

function pipeline(uuid: string, name: string): PipelineConfig {
  return { uuid, name, owner: null, tags: [], tasks: {} };
}
