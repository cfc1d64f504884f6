import { createHash } from "node:crypto";
import type { Agreement, Objective, ObjectiveMeasure, PipelineConfig } from "./config.ts";
import { holidayRules } from "./holidays/holiday-event.ts";
import { holidayCalendar } from "./holidays/read-holidays.ts";
import type { Target } from "./target.ts";
import type { Weekday } from "./weekdays.ts";

/**
 * What an agreement promises: all of it that can change a figure, save for its exclusions, which are entered as they
 * come. A plain value, to be kept as JSON. Who gets the report and how things are called is no part of it.
 */
export interface Definition {
  /** IANA name. */
  timezone: string;
  /** `YYYY-MM-DD`, a local day. */
  effectiveFrom: string;
  calendar: {
    workdays: Weekday[];
    /** An iCalendar text of the rules alone; `null` without holidays. */
    holidays: string | null;
  };
  objectives: DefinedObjective[];
}

/** The pipeline's name is kept for the day on which the configuration does not have it any more. */
type DefinedObjective = {
  id: string;
  pipeline: Pick<PipelineConfig, "uuid" | "name">;
  target: Target;
  minRuns: number;
} & ObjectiveMeasure;

/** The part of an agreement that is a promise. */
type Promising = Pick<Agreement, "timezone" | "effectiveFrom" | "calendar" | "objectives">;

export function definitionOf({ timezone, effectiveFrom, calendar, objectives }: Promising): Definition {
  const { workdays, holidays } = calendar;
  return {
    timezone,
    effectiveFrom,
    calendar: { workdays, holidays: holidays === null ? null : holidayRules(holidays.events) },
    objectives: objectives.map(({ pipeline: { uuid, name }, ...objective }) => ({
      ...objective,
      pipeline: { uuid, name },
    })),
  };
}

/** SHA-256 (hex) of an agreement's definition. Whatever it has gone through, the same promise has the same hash. */
export function definitionHash(agreement: Promising): string {
  const text = JSON.stringify(definitionOf(agreement), (key, value: unknown) =>
    key === "name" ? undefined : inOrderOfKeys(value),
  );
  return createHash("sha256").update(text).digest("hex");
}

/**
 * Whether a recorded definition promises what the agreement does. It is read as it would be today, for an earlier version
 * may have written the same promise in another form.
 */
export function isSamePromise(
  agreement: Agreement,
  recorded: { hash: string; definition: Definition },
): boolean {
  const hash = definitionHash(agreement);
  if (recorded.hash === hash) return true;
  const reread = underDefinition(agreement, recorded.definition, []);
  // Of what is not followed any more nobody knows whether it is the same.
  return reread.calendar.holidays?.unfollowed === undefined && definitionHash(reread) === hash;
}

/** Databases keep the keys of an object in an order of their own. */
function inOrderOfKeys(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** The agreement as configured, but promising what `definition` says. */
export function underDefinition(
  agreement: Agreement,
  { timezone, effectiveFrom, calendar: { workdays, holidays }, objectives }: Definition,
  pipelines: readonly PipelineConfig[],
): Agreement {
  const path = agreement.calendar.holidays?.path ?? "";
  const configured = new Map(pipelines.map((pipeline) => [pipeline.uuid, pipeline]));
  return {
    ...agreement,
    timezone,
    effectiveFrom,
    calendar: {
      workdays,
      holidays: holidays === null ? null : holidayCalendar(path, holidays),
    },
    objectives: objectives.map(({ pipeline, ...objective }): Objective => {
      const unconfigured = { ...pipeline, owner: null, tags: [], tasks: {} };
      return { ...objective, pipeline: configured.get(pipeline.uuid) ?? unconfigured };
    }),
  };
}
