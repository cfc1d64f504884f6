import { z } from "zod";
import { graceProblem, isGraceInWindow } from "./deadline-grace.ts";
import { OBJECTIVE_KINDS, type ObjectiveKind } from "./objective-kinds.ts";
import { wants } from "./problems/issue-text.ts";
import {
  agreementId,
  byteSize,
  date,
  days,
  duration,
  emailAddress,
  httpsUrl,
  language,
  localTime,
  objectiveId,
  oneLine,
  someDuration,
  target,
  time,
  timezone,
  uuid,
  weekdays,
  weeklyTime,
} from "./values.ts";

/** What is used where the file says nothing, as it would be written there. */
export const DEFAULTS = {
  timezone: "UTC",
  language: "en-GB",
  outputs: "failures",
  workdays: "mon-fri",
  minRuns: 1,
  failedRuns: "count",
  deadlineOn: "workdays",
  opens: "00:00",
  grace: "0s",
  volumeOn: "daily",
  settle: "6h",
  largestAnswer: "64MB",
} as const;

const pipeline = z.strictObject({
  uuid: uuid.meta({ description: "From the pipeline's page in Ylem." }),
  name: oneLine.meta({ description: "What reports and commands call it; unique." }),
  owner: oneLine.optional().meta({ description: "The team that looks after it." }),
  tags: z.array(oneLine).prefault([]).meta({ description: "For filtering in SQL." }),
  tasks: z.record(uuid, oneLine).prefault({}).meta({
    description: "Names for tasks, by UUID. Optional: tasks not named here are discovered in the run log.",
  }),
});

const holidayFile = z.strictObject({
  file: oneLine.meta({ description: "An iCalendar (.ics) file." }),
  only: z
    .array(oneLine)
    .min(1)
    .optional()
    .meta({ description: "The events that count, by name; all if left out." }),
  except: z.array(oneLine).optional().meta({ description: "Events that do not count, by name." }),
});

const HOLIDAYS = 'a path, ./de-by.ics, or a list, [{ file: ./de-by.ics, except: ["Christmas Eve"] }]';

const calendar = z.strictObject({
  workdays: weekdays.prefault(DEFAULTS.workdays).meta({ description: "Weekdays that are workdays." }),
  holidays: z
    .union(
      [
        oneLine,
        z
          .array(
            z.union([oneLine, holidayFile], {
              error: wants(
                "a holiday calendar",
                'a path, ./de-by.ics, or { file: ./de-by.ics, only: ["New Year"] }',
              ),
            }),
          )
          .min(1),
      ],
      { error: wants("a holiday calendar", HOLIDAYS) },
    )
    .optional()
    .meta({
      description:
        "An iCalendar (.ics) file with the public holidays, its path relative to this file. Nothing is due on a holiday. Or a list of files, each as { file: …, only: [names], except: [names] } where not all of its events count.",
      examples: ["./de-by.ics"],
    }),
});

const reason = oneLine.meta({ description: "Printed in the report." });
const approvedBy = oneLine.optional().meta({ description: "Who agreed to it; printed in the report." });

const exclusionOnce = z
  .strictObject({
    from: localTime.meta({ description: "Local time at which the exclusion starts." }),
    to: localTime.meta({ description: "Local time at which it has ended." }),
    reason,
    approved_by: approvedBy,
  })
  .refine(({ from, to }) => from < to, {
    path: ["to"],
    error: "the exclusion ends before it has begun: write a later time than `from`",
  });

const exclusionRecurring = z.strictObject({
  every: weeklyTime.meta({
    description: "Weekdays and local time at which the exclusion starts, every week.",
  }),
  for: someDuration.meta({ description: "How long each one lasts." }),
  reason,
  approved_by: approvedBy,
});

const exclusion = z.union([exclusionOnce, exclusionRecurring], {
  error: wants("an exclusion", "{ from, to, reason } or { every, for, reason }"),
});

/** How each kind of measure is written. */
const measures = {
  success: z.strictObject({}).meta({ description: "Successful runs, of all runs." }),
  duration: z
    .strictObject({
      at_most: someDuration.meta({
        description: "From the start of the first task to the end of the last.",
      }),
      failed: z
        .enum(["count", "exclude"])
        .prefault(DEFAULTS.failedRuns)
        .meta({ description: "Whether failed runs count as bad or are left out." }),
    })
    .meta({ description: "Successful runs that were fast enough." }),
  deadline: z
    .strictObject({
      by: time.meta({
        description: "Local time by which a successful run has to have finished.",
        examples: ["06:00"],
      }),
      on: days.prefault(DEFAULTS.deadlineOn).meta({
        description: "Days it is due: workdays, daily or weekdays such as mon-fri. Never on a holiday.",
      }),
      opens: time
        .prefault(DEFAULTS.opens)
        .meta({ description: "Local time from which a run counts for the day." }),
      grace: duration.prefault(DEFAULTS.grace).meta({ description: "How much later is still on time." }),
    })
    .refine((deadline) => isGraceInWindow(deadline.grace, deadline), {
      path: ["grace"],
      error: ({ input }) => graceProblem(Object(input)),
    })
    .meta({ description: "Days on which a successful run finished in time." }),
  freshness: z
    .strictObject({
      max_age: someDuration.meta({
        description: "How long ago the latest successful run may have finished.",
      }),
    })
    .meta({ description: "Share of the time in which the data was fresh." }),
  volume: z
    .strictObject({
      per: z.literal("day").meta({ description: "Runs are counted by local day." }),
      at_least: z.int().min(1).meta({ description: "Successful runs that a day needs." }),
      on: days
        .prefault(DEFAULTS.volumeOn)
        .meta({ description: "Days that count: workdays, daily or weekdays such as mon-fri." }),
    })
    .meta({ description: "Days with enough successful runs." }),
} satisfies Record<ObjectiveKind, z.ZodType>;

const objective = z
  .strictObject({
    id: objectiveId.meta({ description: "Unique in the agreement." }),
    pipeline: oneLine.meta({ description: "The `name` of one of the pipelines above." }),
    ...z.object(measures).partial().shape,
    target: target.meta({ description: "The share that has to be reached, in percent." }),
    min_runs: z
      .int()
      .min(0)
      .prefault(DEFAULTS.minRuns)
      .meta({ description: "With fewer events than this in a week there is no verdict." }),
  })
  .refine((value) => kindsIn(value).length === 1, {
    // An unknown key may be the kind, mistyped: one problem, not two.
    when: ({ issues }) => issues.every(({ path }) => path?.length),
    error: ({ input }) => {
      const kinds = kindsIn(Object(input));
      return kinds.length === 0
        ? `this objective measures nothing: add one of ${OBJECTIVE_KINDS.join(", ")}`
        : `this objective measures ${kinds.join(" and ")}: make it one objective for each`;
    },
  })
  .meta({ oneOf: OBJECTIVE_KINDS.map((kind) => ({ required: [kind] })) });

const report = z.strictObject({
  to: z.array(emailAddress).prefault([]).meta({ description: "Who gets the weekly report." }),
  cc: z.array(emailAddress).prefault([]).meta({ description: "Who gets a copy." }),
  failures_to: z
    .array(emailAddress)
    .prefault([])
    .meta({ description: "Who is told, once, when a report could not be made by its time." }),
  contact: oneLine.optional().meta({
    description:
      "Whom readers of the mail may ask: an e-mail address, or words. They are told to reply when left out.",
    examples: ["data-platform@acme.example"],
  }),
  settle: duration.prefault(DEFAULTS.settle).meta({
    description:
      "How long after the end of the week it is closed and reported. Late results arrive until then.",
  }),
  unsubscribe_url: httpsUrl.optional().meta({
    description:
      "Your endpoint for one-click unsubscribing; the links to it are signed with UNSUBSCRIBE_SECRET.",
  }),
});

const agreement = z.strictObject({
  agreement: agreementId.meta({ description: "Its name in commands and file names (a-z, 0-9, -); unique." }),
  title: oneLine.meta({ description: "Its name in the report and in the mail's subject." }),
  customer: oneLine.optional().meta({ description: "For whom it is." }),
  timezone: timezone
    .optional()
    .meta({ description: "Zone of its weeks, days and local times; the zone at the top when left out." }),
  language: language
    .optional()
    .meta({ description: "Language of its mail; the language at the top when left out." }),
  effective_from: date
    .optional()
    .meta({ description: "Local day from which it is in force; `history_start` when left out." }),
  calendar: calendar.prefault({}).meta({ description: "The days that `workdays` means below." }),
  exclusions: z.array(exclusion).prefault([]).meta({
    description:
      "Agreed maintenance: what falls into it counts neither as good nor as bad. Once or every week.",
  }),
  objectives: z
    .array(objective)
    .min(1)
    .meta({
      description: `What was promised. Each measures one pipeline by one of: ${OBJECTIVE_KINDS.join(", ")}.`,
    }),
  report: report.prefault({}).meta({ description: "Who is told, and when." }),
});

const api = z.strictObject({
  largest_answer: byteSize.prefault(DEFAULTS.largestAnswer).meta({
    description: "A larger answer is not read, but asked for in parts.",
    examples: ["64MB"],
  }),
});

/** `runledger.yaml`: its keys in the order of the example, with what each means, defaults to and becomes. */
export const configSchema = z
  .strictObject({
    version: z
      .literal(1, { error: wants("a version this program reads", "1") })
      .meta({ description: "Version of this format." }),
    timezone: timezone
      .prefault(DEFAULTS.timezone)
      .meta({ description: "Zone of agreements that name none (IANA name)." }),
    language: language
      .prefault(DEFAULTS.language)
      .meta({ description: "Language of the mails of agreements that name none: en-GB, en-US or de-DE." }),
    history_start: date.meta({
      description: "First day to fetch from Ylem (UTC). A week that began before it gets no verdict.",
    }),
    outputs: z
      .enum(["none", "failures", "all"])
      .prefault(DEFAULTS.outputs)
      .meta({ description: "Which task outputs are kept: none, failures or all." }),
    api: api.prefault({}).meta({ description: "How the API of Ylem is asked." }),
    pipelines: z.array(pipeline).min(1).meta({ description: "The pipelines whose runs are recorded." }),
    agreements: z
      .array(agreement)
      .prefault([])
      .meta({ description: "What was promised to whom. One report each, every week." }),
  })
  .meta({ title: "Runledger configuration" });

/** What the file says, each value in its parsed form. */
export type WrittenConfig = z.output<typeof configSchema>;

/** A file as its author may write it. */
export type ConfigInput = z.input<typeof configSchema>;

function kindsIn(value: object): string[] {
  return OBJECTIVE_KINDS.filter((kind) => Object.hasOwn(value, kind));
}
