import type { Agreement, Objective, ObjectiveMeasure, PipelineConfig, Weekday } from "@runledger/config";
import { microsOf, type Micros } from "../calendar/micros.ts";
import type { Run } from "../runs/run.ts";
import { Runs } from "../runs/runs.ts";
import { agreementScore, pipelineScorer, type AgreementScore, type PipelineScore } from "../score/score.ts";
import {
  furtherBack,
  pipelinesOf,
  runsNeeded,
  weeksBeforeAtFirst,
  type ScoringInput,
} from "../scope/scoring-input.ts";
import { weekOf } from "../calendar/week.ts";

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

/** An instant of the history; ISO 8601 with up to six decimals. */
export function instant(text: string): Micros {
  const [, toSecond, decimals] = /^(.*:\d\d)\.(\d+)Z$/.exec(text) ?? [];
  if (decimals === undefined) return microsOf(new Date(text));
  return microsOf(new Date(`${toSecond}Z`)) + Number(decimals.padEnd(6, "0"));
}

/** A run of `orders` that finished at the given instant, after ten minutes and two tasks. */
export function run(finishedAt: string, changes: Partial<Run> = {}): Run {
  const finish = instant(finishedAt);
  const elapsedMs = changes.elapsedMs ?? 600_000;
  return {
    runUuid: uuidOf(finishedAt),
    pipelineUuid: orders.uuid,
    startedAt: finish - Math.round(elapsedMs * 1000),
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
      changes.latestSuccessBefore === undefined ? [] : [[orders.uuid, instant(changes.latestSuccessBefore)]],
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

/** An input with its runs as objects, by pipeline UUID and in any order. */
export interface ScoringCase extends Omit<ScoringInput, "firstRunAt"> {
  runsOf: ReadonlyMap<string, readonly Run[]>;
}

/** Gives each pipeline's score only the runs that it needs, as the history does. */
export function scoreAgreement(input: ScoringCase): AgreementScore {
  const uuids = pipelinesOf(input.agreement);
  const ofEach = (value: (uuid: string, runs: readonly Run[]) => Micros | null) =>
    new Map(uuids.map((uuid) => [uuid, value(uuid, input.runsOf.get(uuid) ?? [])]));
  const { from } = runsNeeded(input);
  const known: ScoringInput = {
    ...input,
    firstRunAt: ofEach((_, all) =>
      all.length === 0 ? null : Math.min(...all.map(({ finishedAt }) => finishedAt)),
    ),
    latestSuccessBefore: ofEach(
      (uuid, all) =>
        runsOf(uuid, all).latestSuccessBefore(microsOf(from)) ?? input.latestSuccessBefore.get(uuid) ?? null,
    ),
  };
  const scoreOf = (uuid: string, weeksBefore = weeksBeforeAtFirst): PipelineScore => {
    const needed = runsNeeded(input, weeksBefore);
    const read = (input.runsOf.get(uuid) ?? []).filter(
      ({ finishedAt }) => finishedAt >= microsOf(needed.from) && finishedAt <= microsOf(needed.through),
    );
    const scored = pipelineScorer(known, weeksBefore)(runsOf(uuid, read));
    return scored.needsEarlierRuns ? scoreOf(uuid, furtherBack(weeksBefore)) : scored;
  };
  return agreementScore(
    input.agreement.objectives,
    uuids.map((uuid) => scoreOf(uuid)),
  );
}

/** Runs as the history's reader gives them; `list` may be in any order. */
export function runsOf(pipelineUuid: string, list: readonly Run[]): Runs {
  const inOrder = list.toSorted((a, b) => a.finishedAt - b.finishedAt || (a.runUuid < b.runUuid ? -1 : 1));
  const failed = inOrder.filter(({ isSuccessful }) => !isSuccessful);
  const columns = {
    uuids: new Uint8Array(Buffer.concat(inOrder.map(({ runUuid }) => bytesOf(runUuid)))),
    finishedAt: Float64Array.from(inOrder, ({ finishedAt }) => finishedAt),
    elapsedMs: Float64Array.from(inOrder, ({ elapsedMs }) => elapsedMs),
    taskCounts: Uint32Array.from(inOrder, ({ taskCount }) => taskCount),
    failureOf: Uint32Array.from(inOrder, (each) => failed.indexOf(each) + 1),
  };
  return Runs.of(pipelineUuid, columns, failed);
}

/** A UUID that comes where the name would in the order of names; names that begin with the same 16 letters share it. */
export function uuidOf(name: string): string {
  const digits = Buffer.from(name.replaceAll(/[-:.]/g, "").padEnd(16).slice(0, 16)).toString("hex");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function bytesOf(uuid: string): Buffer {
  const bytes = Buffer.from(uuid.replaceAll("-", ""), "hex");
  if (bytes.length !== 16) throw new Error(`"${uuid}" is no UUID`);
  return bytes;
}

function pipeline(uuid: string, name: string): PipelineConfig {
  return { uuid, name, owner: null, tags: [], tasks: {} };
}
