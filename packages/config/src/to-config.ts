import type {
  Agreement,
  Exclusion,
  MeasureOf,
  ObjectiveMeasure,
  PipelineConfig,
  RunledgerConfig,
} from "./config.ts";
import type { HolidayCalendar } from "./holidays/holiday-calendar.ts";
import { OBJECTIVE_KINDS, type ObjectiveKind } from "./objective-kinds.ts";
import type { ConfigProblem } from "./problems/problems.ts";
import type { WrittenConfig } from "./schema.ts";

type WrittenAgreement = WrittenConfig["agreements"][number];
type WrittenExclusion = WrittenAgreement["exclusions"][number];
type WrittenObjective = WrittenAgreement["objectives"][number];

/** What the file alone does not say. */
export interface Surroundings {
  file: string;
  /** By the number of the agreement, from 0. */
  holidays: ReadonlyMap<number, HolidayCalendar>;
  warnings: ConfigProblem[];
  /** The line of an agreement's exclusion, from 1. */
  lineOf: (agreement: number, exclusion: number) => number;
}

/** Puts the checked parts together. Everything that `written` refers to has been found to exist. */
export function toConfig(
  written: WrittenConfig,
  { file, holidays, warnings, lineOf }: Surroundings,
): RunledgerConfig {
  const pipelines = written.pipelines.map(toPipeline);
  const byName = new Map(pipelines.map((pipeline) => [pipeline.name, pipeline]));

  const toAgreement = (agreement: WrittenAgreement, index: number): Agreement => ({
    id: agreement.agreement,
    title: agreement.title,
    customer: agreement.customer ?? null,
    timezone: agreement.timezone ?? written.timezone,
    language: agreement.language ?? written.language,
    effectiveFrom: agreement.effective_from ?? written.history_start,
    calendar: {
      workdays: agreement.calendar.workdays,
      holidays: holidays.get(index) ?? null,
    },
    exclusions: agreement.exclusions.map((exclusion, place) => toExclusion(exclusion, lineOf(index, place))),
    objectives: agreement.objectives.map((objective) => ({
      id: objective.id,
      pipeline: found(byName, objective.pipeline),
      target: objective.target,
      minRuns: objective.min_runs,
      ...measureOf(objective),
    })),
    report: {
      to: agreement.report.to,
      cc: agreement.report.cc,
      failuresTo: agreement.report.failures_to,
      contact: agreement.report.contact ?? null,
      settleMs: agreement.report.settle,
      unsubscribeUrl: agreement.report.unsubscribe_url ?? null,
    },
  });

  return {
    file,
    timezone: written.timezone,
    historyStart: written.history_start,
    outputs: written.outputs,
    api: { largestAnswer: written.api.largest_answer },
    pipelines,
    agreements: written.agreements.map(toAgreement),
    warnings,
  };
}

function toPipeline({ owner, ...pipeline }: WrittenConfig["pipelines"][number]): PipelineConfig {
  return { ...pipeline, owner: owner ?? null };
}

function toExclusion(exclusion: WrittenExclusion, line: number): Exclusion {
  const { reason, approved_by } = exclusion;
  const words = { reason, approvedBy: approved_by ?? null };
  return "every" in exclusion
    ? { kind: "recurring", ...exclusion.every, forMs: exclusion.for, ...words }
    : { kind: "once", from: exclusion.from, to: exclusion.to, line, ...words };
}

/** The schema lets through exactly one kind. */
function measureOf(objective: WrittenObjective): ObjectiveMeasure {
  const [measure] = OBJECTIVE_KINDS.flatMap((kind) => measureAs(kind, objective));
  if (measure === undefined) {
    throw new Error(`"${objective.id}" was let through by the schema but measures nothing`);
  }
  return measure;
}

function measureAs<Kind extends ObjectiveKind>(
  kind: Kind,
  objective: WrittenMeasures<Kind>,
): MeasureOf<Kind>[] {
  const written = objective[kind];
  return written === undefined ? [] : [toMeasure[kind](written)];
}

type WrittenMeasures<Kind extends ObjectiveKind> = { [K in Kind]?: WrittenObjective[K] };

const toMeasure: {
  [Kind in ObjectiveKind]: (written: NonNullable<WrittenObjective[Kind]>) => MeasureOf<Kind>;
} = {
  success: () => ({ kind: "success" }),
  duration: ({ at_most, failed }) => ({ kind: "duration", atMostMs: at_most, failed }),
  deadline: ({ by, on, opens, grace }) => ({ kind: "deadline", by, on, opens, graceMs: grace }),
  freshness: ({ max_age }) => ({ kind: "freshness", maxAgeMs: max_age }),
  volume: ({ per, at_least, on }) => ({ kind: "volume", per, atLeast: at_least, on }),
};

function found<T>(all: ReadonlyMap<string, T>, name: string): T {
  const one = all.get(name);
  if (one === undefined) throw new Error(`"${name}" was let through by the checks but does not exist`);
  return one;
}
