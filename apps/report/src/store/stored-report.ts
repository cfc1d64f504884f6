import { OBJECTIVE_KINDS, recordedMeasure } from "@runledger/config";
import { REVISION_CAUSES, VERDICTS, type ReportInputs } from "@runledger/sla";
import { z } from "zod";
import type { PrintedWords } from "./printed-words.ts";

/*
 * What `reports` keeps of a revision beside its figures. What came to be kept later is missing in older ones; what is not
 * named here is left as it is.
 */

const share = z.looseObject({ good: z.number(), total: z.number() });
const outcome = z.looseObject({ bad: z.number(), total: z.number() });
const verdict = z.enum(VERDICTS);
const texts = z.array(z.string());

const gaps = [
  z.looseObject({ kind: z.literal("starts_late"), start: z.string() }),
  z.looseObject({ kind: z.literal("never_synced") }),
  z.looseObject({ kind: z.literal("holidays_unknown") }),
  z.looseObject({ kind: z.literal("never_seen") }),
  z.looseObject({ kind: z.literal("synced_through"), through: z.string() }),
  z.looseObject({
    kind: z.literal("disputed"),
    days: texts,
    unseen: z.looseObject({ runs: z.number(), rows: z.number().nullable() }).nullable().exactOptional(),
  }),
] as const;

const reason = z.discriminatedUnion("kind", [
  z.looseObject({ kind: z.literal("counted"), bad: z.number(), total: z.number(), allowedBad: z.number() }),
  z.looseObject({ kind: z.literal("nothing"), excluded: z.number() }),
  z.looseObject({ kind: z.literal("too_few"), total: z.number(), needed: z.number() }),
  z.looseObject({ kind: z.literal("not_in_force"), from: z.string() }),
  z.looseObject({
    kind: z.literal("in_doubt"),
    verdict,
    days: texts,
    runs: z.number(),
    rows: z.number().nullable(),
    best: outcome,
    worst: outcome,
  }),
  ...gaps,
]);

const terms = z.discriminatedUnion("kind", [
  z.looseObject({ kind: z.enum(["success", "deadline", "freshness"]) }),
  z.looseObject({
    kind: z.literal("duration"),
    atMostMs: z.number(),
    failed: z.enum(["count", "exclude"]),
  }),
  z.looseObject({ kind: z.literal("volume"), atLeast: z.number(), days: texts }),
]);

const objective = z.looseObject({
  id: z.string(),
  pipelineUuid: z.string(),
  pipelineName: z.string(),
  kind: z.enum(OBJECTIVE_KINDS),
  definition: recordedMeasure,
  target: z.looseObject({ numerator: z.number(), denominator: z.number() }),
  share,
  raw: share,
  excluded: z.number(),
  allowedBad: z.number(),
  budgetLeft: z.number().nullable(),
  burnRate: z.number().nullable(),
  fourWeeks: share,
  previous: share.nullable(),
  verdict,
  reason,
  recovery: z.looseObject({
    closedIncidents: z.number(),
    meanTimeToRecoverMs: z.number().nullable(),
    meanTimeBetweenFailuresMs: z.number().nullable(),
  }),
  terms,
});

/** Earlier versions knew one calendar an agreement, and did not name its file. */
const file = z.string().nullable().default(null);

export const printedWords: z.ZodType<PrintedWords> = z.looseObject({
  agreement: z.looseObject({
    id: z.string(),
    title: z.string(),
    customer: z.string(),
    timezone: z.string(),
  }),
  objectives: z.array(objective),
  exclusions: z.array(
    z.looseObject({
      start: z.iso.datetime(),
      end: z.iso.datetime(),
      reason: z.string(),
      approvedBy: z.string().nullable(),
      kind: z.enum(["once", "recurring"]),
      isRetroactive: z.boolean(),
    }),
  ),
  notes: z.array(
    z
      .looseObject({ pipeline: z.string() })
      .and(
        z.discriminatedUnion("kind", [
          z.looseObject({ kind: z.literal("quarantined"), rows: z.number() }),
          ...gaps,
        ]),
      ),
  ),
  holidayGaps: z
    .array(
      z.discriminatedUnion("kind", [
        z.looseObject({ kind: z.literal("unfollowed"), why: z.string() }),
        z.looseObject({ kind: z.literal("empty"), file }),
        z.looseObject({ kind: z.literal("ended"), file, last: z.string() }),
      ]),
    )
    .exactOptional(),
  tasks: z.record(z.string(), z.string()),
});

const hashes = z.record(z.string(), z.string()).exactOptional();

export const reportInputs: z.ZodType<Partial<ReportInputs>> = z.looseObject({
  excluded: z.string().exactOptional(),
  runs: hashes,
  history: hashes,
  known: hashes,
  seen: hashes,
  zone: z.string().exactOptional(),
  earlier: z
    .record(
      z.string(),
      z.looseObject({ excluded: z.string(), runs: z.string(), known: z.string(), zone: z.string() }),
    )
    .exactOptional(),
});

export const revisionCauses = z.array(z.enum(REVISION_CAUSES));
