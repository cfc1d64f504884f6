import { createHash } from "node:crypto";
import type {
  Agreement,
  DaySelection,
  Exclusion,
  Objective,
  ObjectiveKind,
  ObjectiveOf,
  PipelineConfig,
  Weekday,
} from "@runledger/config";
import { daysAfter, weekdayOf } from "@runledger/sla";
import { shortened } from "@runledger/wording";

/** A document of OpenSLO v1 (https://github.com/OpenSLO/OpenSLO). Texts are within the limits of its official validator. */
export interface OpenSloDocument {
  apiVersion: "openslo/v1";
  kind: "DataSource" | "Service" | "SLI" | "SLO";
  metadata: {
    /** A DNS label: up to 63 of a-z, 0-9 and `-`. */
    name: string;
    displayName?: string;
    labels?: Record<string, string[]>;
    annotations?: Record<string, string>;
  };
  spec: Record<string, unknown>;
}

/**
 * Agreements in OpenSLO: where the figures are, a service for each pipeline, an indicator and an SLO for each
 * objective. What the format cannot say stands in the SLO's annotations, named and written as in `runledger.yaml`.
 *
 * Every SLO budgets by occurrences, for its ratio is good by total of what the objective counts: runs, due days or
 * seconds. Time slices would cut the week into equal parts all of which count: that is neither the five workdays of
 * seven nor freshness to the second.
 */
export function openSloDocuments(agreements: readonly Agreement[]): OpenSloDocument[] {
  const objectives = agreements.flatMap((agreement) => agreement.objectives);
  const pipelines = new Map(objectives.map(({ pipeline }) => [pipeline.uuid, pipeline]));
  return [
    dataSource,
    ...Array.from(pipelines.values(), toService),
    ...agreements.flatMap((agreement) =>
      agreement.objectives.flatMap((objective) => [
        toIndicator(agreement, objective),
        toSlo(agreement, objective),
      ]),
    ),
  ];
}

const apiVersion = "openslo/v1";

/** Where to connect is in the environment, as for Runledger itself: it holds a password. */
const dataSource: OpenSloDocument = {
  apiVersion,
  kind: "DataSource",
  metadata: { name: "runledger", displayName: "Runledger" },
  spec: {
    type: "PostgreSQL",
    connectionDetails: { urlFromEnvironment: "DATABASE_URL", role: "runledger_reader" },
  },
};

function toService({ uuid, name, owner, tags }: PipelineConfig): OpenSloDocument {
  return {
    apiVersion,
    kind: "Service",
    metadata: {
      name: nameOf(name),
      displayName: displayed(name),
      ...(tags.length === 0 ? {} : { labels: { tags } }),
      annotations: annotations({ pipeline_uuid: uuid, owner }),
    },
    spec: { description: "A data pipeline of Ylem." },
  };
}

/** Reads what the latest revisions print, so that nothing is counted by a second definition. */
function toIndicator(agreement: Agreement, objective: Objective): OpenSloDocument {
  const source = (figure: "good" | "total") => ({
    metricSource: {
      metricSourceRef: dataSource.metadata.name,
      spec: {
        query:
          `select distinct on (week) week, ${figure} from runledger.sla_results ` +
          `where agreement = '${agreement.id}' and objective = '${objective.id}' and revision > 0 ` +
          "order by week, revision desc",
      },
    },
  });
  return {
    apiVersion,
    kind: "SLI",
    metadata: {
      name: nameOf(agreement.id, objective.id),
      displayName: displayed(`${objective.id}: ${kinds[objective.kind].unit} by week`),
    },
    spec: { ratioMetric: { counter: false, good: source("good"), total: source("total") } },
  };
}

function toSlo(agreement: Agreement, objective: Objective): OpenSloDocument {
  const name = nameOf(agreement.id, objective.id);
  return {
    apiVersion,
    kind: "SLO",
    metadata: {
      name,
      displayName: displayed(`${agreement.title}: ${objective.id}`),
      annotations: annotations({
        agreement: agreement.id,
        customer: agreement.customer,
        objective: objective.id,
        unit: kinds[objective.kind].unit,
        kind: objective.kind,
        ...measureOf(objective),
        min_runs: String(objective.minRuns),
        target: isAll(objective) ? "100%" : null,
        effective_from: agreement.effectiveFrom,
        settle: shorthand(agreement.report.settleMs),
        workdays: weekdays(agreement.calendar.workdays),
        holidays: agreement.calendar.holidays?.path ?? null,
        exclusions:
          agreement.exclusions.length === 0 ? null : JSON.stringify(agreement.exclusions.map(exclusionOf)),
      }),
    },
    spec: {
      service: nameOf(objective.pipeline.name),
      indicatorRef: name,
      timeWindow: [{ duration: "1w", isRolling: false, calendar: calendarOf(agreement) }],
      budgetingMethod: "Occurrences",
      objectives: [{ target: isAll(objective) ? MOST : shareOf(objective) }],
    },
  };
}

/** OpenSLO has no target of 100 %: the highest that an agreement can have below it stands in. */
const MOST = 0.999_999_99;

function isAll({ target }: Objective): boolean {
  return target.numerator === target.denominator;
}

function shareOf({ target }: Objective): number {
  return target.numerator / target.denominator;
}

/** Weeks from the first whole one in force on. The time zone database's own name of UTC is Etc/UTC. */
function calendarOf({ effectiveFrom, timezone }: Agreement) {
  const monday = daysAfter(effectiveFrom, (8 - weekdayOf(effectiveFrom)) % 7);
  return { startTime: `${monday} 00:00:00`, timeZone: timezone === "UTC" ? "Etc/UTC" : timezone };
}

/** A kind of objective in OpenSLO. */
interface KindInSlo<Kind extends ObjectiveKind> {
  /** What is counted. */
  unit: string;
  /** What is measured, written as in `runledger.yaml`. */
  measure: (objective: ObjectiveOf<Kind>) => Record<string, string>;
}

const kinds: { [Kind in ObjectiveKind]: KindInSlo<Kind> } = {
  success: { unit: "runs", measure: () => ({}) },
  duration: {
    unit: "runs",
    measure: ({ atMostMs, failed }) => ({ at_most: shorthand(atMostMs), failed }),
  },
  deadline: {
    unit: "days",
    measure: ({ by, on, opens, graceMs }) => ({ by, on: selection(on), opens, grace: shorthand(graceMs) }),
  },
  freshness: { unit: "seconds", measure: ({ maxAgeMs }) => ({ max_age: shorthand(maxAgeMs) }) },
  volume: {
    unit: "days",
    measure: ({ per, atLeast, on }) => ({ per, at_least: String(atLeast), on: selection(on) }),
  },
};

function measureOf<Kind extends ObjectiveKind>(objective: ObjectiveOf<Kind>): Record<string, string> {
  return kinds[objective.kind].measure(objective);
}

function exclusionOf(exclusion: Exclusion): Record<string, string> {
  const { reason, approvedBy } = exclusion;
  const words = { reason, ...(approvedBy === null ? {} : { approved_by: approvedBy }) };
  return exclusion.kind === "once"
    ? { from: exclusion.from.replace("T", " "), to: exclusion.to.replace("T", " "), ...words }
    : { every: `${weekdays(exclusion.weekdays)} ${exclusion.at}`, for: shorthand(exclusion.forMs), ...words };
}

function selection(on: DaySelection): string {
  return on.kind === "weekdays" ? weekdays(on.weekdays) : on.kind;
}

/** `mon, wed, fri` */
function weekdays(days: Weekday[]): string {
  return days.map((day) => weekdayNames[day - 1]).join(", ");
}

const weekdayNames = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** Milliseconds as the configuration writes them, in one unit: `45m`, `26h`. */
function shorthand(durationMs: number): string {
  const [unit, unitMs] = durationUnits.find(([, ms]) => durationMs >= ms && durationMs % ms === 0) ?? [
    "s",
    1000,
  ];
  return `${durationMs / unitMs}${unit}`;
}

const durationUnits = [
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
  ["ms", 1],
] as const;

/** The format wants a prefix to be a domain, and Runledger has none, so its name is part of the key. */
function annotations(values: Record<string, string | null>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => (value === null ? [] : [[`runledger.${key}`, value]])),
  );
}

/** Ids and names as they are where they make a name that no others make; else what they have of one, and a hash. */
function nameOf(...parts: string[]): string {
  const name = parts.join("--");
  if (name.length <= NAME_LENGTH && parts.every((part) => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(part))) return name;
  const hash = createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 8);
  const slug = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  return `${slug.slice(0, NAME_LENGTH - hash.length - 1)}-${hash}`.replace(/^-+/, "");
}

const NAME_LENGTH = 63;

function displayed(text: string): string {
  return shortened(text, 63);
}
