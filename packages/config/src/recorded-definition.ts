import { z } from "zod";
import type { ObjectiveMeasure } from "./config.ts";
import type { Definition } from "./definition.ts";

/*
 * Definitions as they are recorded. What else is in them is kept: another version may have promised more, and then it is
 * another promise.
 */

const days = z.discriminatedUnion("kind", [
  z.looseObject({ kind: z.literal("workdays") }),
  z.looseObject({ kind: z.literal("daily") }),
  z.looseObject({ kind: z.literal("weekdays"), weekdays: z.array(weekday()) }),
]);

export const recordedMeasure: z.ZodType<ObjectiveMeasure> = z.discriminatedUnion("kind", [
  z.looseObject({ kind: z.literal("success") }),
  z.looseObject({
    kind: z.literal("duration"),
    atMostMs: z.number(),
    failed: z.enum(["count", "exclude"]),
  }),
  z.looseObject({
    kind: z.literal("deadline"),
    by: z.string(),
    on: days,
    opens: z.string(),
    graceMs: z.number(),
  }),
  z.looseObject({ kind: z.literal("freshness"), maxAgeMs: z.number() }),
  z.looseObject({ kind: z.literal("volume"), per: z.literal("day"), atLeast: z.number(), on: days }),
]);

export const recordedDefinition: z.ZodType<Definition> = z.looseObject({
  timezone: z.string(),
  effectiveFrom: z.string(),
  calendar: z.looseObject({ workdays: z.array(weekday()), holidays: z.string().nullable() }),
  objectives: z.array(
    z
      .looseObject({
        id: z.string(),
        pipeline: z.looseObject({ uuid: z.string(), name: z.string() }),
        target: z.looseObject({ numerator: z.number(), denominator: z.number() }),
        minRuns: z.number(),
      })
      .and(recordedMeasure),
  ),
});

function weekday() {
  return z.literal([1, 2, 3, 4, 5, 6, 7]);
}
