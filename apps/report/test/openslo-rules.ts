/**
 * The rules of OpenSLO v1 for the kinds that are printed: the specification's prose, its JSON schemas and its official
 * validator taken together, the strictest of them where they differ. Keys that the format does not have are refused.
 */
import { z } from "zod";

const label = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
const key = z.string().regex(/^([a-z0-9-]+(\.[a-z0-9-]+)+\/)?[a-zA-Z0-9]([-._a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/);
const description = z.string().max(1050).optional();
const duration = z.string().regex(/^[1-9]\d*[mhdwMQY]$/);

const metadata = z.strictObject({
  name: label,
  displayName: z.string().min(1).max(63).optional(),
  labels: z.record(key, z.union([z.string().min(1), z.array(z.string().min(1))])).optional(),
  annotations: z.record(key, z.string().min(1)).optional(),
});

/** The format leaves `spec` to the data source. */
const metric = z.strictObject({
  metricSource: z.strictObject({ metricSourceRef: label, spec: z.strictObject({ query: z.string() }) }),
});

const ratio = z.strictObject({ counter: z.boolean(), good: metric, total: metric });

/** The format allows one window at most; of the two kinds of it, this is the one that is aligned to a calendar. */
const calendarWindow = z.strictObject({
  duration,
  isRolling: z.literal(false),
  calendar: z.strictObject({
    startTime: z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
    timeZone: z.string().regex(/[A-Z][a-zA-Z_]+\/[A-Z][a-zA-Z_]+/),
  }),
});

const slo = z.strictObject({
  description,
  service: label,
  indicatorRef: label,
  timeWindow: z.array(calendarWindow).length(1),
  budgetingMethod: z.literal("Occurrences"),
  objectives: z.array(z.strictObject({ target: z.number().min(0).lt(1) })).min(1),
});

const apiVersion = z.literal("openslo/v1");

export const openSloRules = z.discriminatedUnion("kind", [
  z.strictObject({
    apiVersion,
    kind: z.literal("DataSource"),
    metadata,
    spec: z.strictObject({
      description,
      type: z.string(),
      connectionDetails: z.record(z.string(), z.unknown()),
    }),
  }),
  z.strictObject({ apiVersion, kind: z.literal("Service"), metadata, spec: z.strictObject({ description }) }),
  z.strictObject({
    apiVersion,
    kind: z.literal("SLI"),
    metadata,
    spec: z.strictObject({ description, ratioMetric: ratio }),
  }),
  z.strictObject({ apiVersion, kind: z.literal("SLO"), metadata, spec: slo }),
]);
