import { randomUUID } from "node:crypto";
import { parseConfig, type Agreement } from "@runledger/config";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  type Incident,
  type Micros,
  type Recovery,
  type Run,
  type Week,
  type WeeklyReport,
  contains,
  dateOf,
  isoOf,
  isoOrNull,
  microsOf,
  trendWeeks,
  weekOf,
} from "@runledger/sla";
import { reportWeek } from "../src/weeks/report-week.ts";
import { failedRun, run, type ScoringCase } from "@runledger/sla/testing/sla-fixture";
import { incidentsOf } from "@runledger/sla/testing/sla-second-way";
import { createWorld, type World } from "./weekly-fixture.ts";

const weeks = Array.from({ length: 27 }, (_, index) => weekOf(`2026-W${index + 10}`, "Europe/Berlin"));
const [firstWeek] = weeks;
const later = new Date("2026-10-01T00:00:00Z");

function weekAt(index: number): Week {
  const week = weeks[index];
  if (week === undefined) throw new RangeError(`there is no week ${index}`);
  return week;
}

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

/** What a loop over all events of all weeks finds is what the table has, whichever weeks were reported and in what order. */
it("opens and closes each incident in the history as its events do", { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(histories, reportedWeeks, async (drawn, order) => {
      const { agreement, pipeline, runs, report } = await agreementWith(drawn);
      await reportAll(agreement, report, order);
      // A week that was reported after a later one learns how it went on when that is reported again.
      await report(weekAt(Math.max(...order)));
      expect(await storedIncidents(agreement.id)).toEqual(
        expectedIncidents(agreement, pipeline, runs, order),
      );
    }),
    { numRuns: 25 },
  );
});

/**
 * The 13 weeks that a report looks at are not enough to see where such a one began; whatever was good in between is too
 * slow, excluded, or counts for other objectives only.
 */
it(
  "has one row for an incident of up to 20 weeks, in whatever order it is told",
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(longOutages, everyFewWeeks, async (drawn, order) => {
        const { agreement, pipeline, runs, report } = await agreementWith(drawn);
        const told = await reportAll(agreement, report, order);
        for (const index of order.toSorted((a, b) => a - b)) {
          const { incidents, revision } = await report(weekAt(index));
          expect(revision).toBe(1);
          expect(incidents).toEqual(told.get(index));
        }
        expect(await storedIncidents(agreement.id)).toEqual(
          expectedIncidents(agreement, pipeline, runs, order),
        );
      }),
      { numRuns: 6 },
    );
  },
);

it(
  "means how long recovery takes over the rows that were closed in the 13 weeks",
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(longOutages, async (drawn) => {
        const { agreement, report } = await agreementWith(drawn);
        for (const week of weeks) {
          const { objectives } = await report(week);
          const [first = week] = trendWeeks(week);
          const { rows } = await world.history.pool.query(
            `select objective as id, count(*)::int as "closedIncidents",
                  avg(extract(epoch from closed_at - opened_at) * 1000)::float8 as "meanTimeToRecoverMs",
                  avg(extract(epoch from next - closed_at) * 1000)::float8 as "meanTimeBetweenFailuresMs"
           from (select *, lead(opened_at) over (partition by objective order by opened_at) as next
                 from runledger.incidents where agreement = $1 and closed_at >= $2 and closed_at < $3) as closed
           group by objective`,
            [agreement.id, first.start, week.end],
          );
          expect(
            objectives
              .filter(({ recovery }) => recovery.closedIncidents > 0)
              .map(({ id, recovery }) => [id, ...rounded(recovery)]),
          ).toEqual(
            agreement.objectives.flatMap(({ id }) =>
              rows.filter((row) => row.id === id).map((row) => [id, ...rounded(row)]),
            ),
          );
        }
      }),
      { numRuns: 3 },
    );
  },
);

/** Means are quotients of sums: Postgres' have other last digits. */
function rounded({ closedIncidents, meanTimeToRecoverMs, meanTimeBetweenFailuresMs }: Recovery) {
  return [closedIncidents, meanTimeToRecoverMs, meanTimeBetweenFailuresMs].map(
    (figure) => figure && Math.round(figure),
  );
}

/** An agreement on a pipeline with the runs drawn, and how to report a week of it. */
async function agreementWith(drawn: readonly DrawnRun[]) {
  const { agreement, config } = await agreementOf(randomUUID());
  const pipeline = config.pipelines[0]?.uuid ?? "";
  const runs = drawn.map(({ at, isSuccessful, elapsedMs, runUuid }) =>
    (isSuccessful ? run : failedRun)(isoOf(at), { pipelineUuid: pipeline, elapsedMs, runUuid }),
  );
  await storeRuns(pipeline, runs);
  const of = { config, agreement, asOf: later, isRestated: false, isAsOfAsked: true };
  const report = (week: Week) =>
    reportWeek(world.context({}, later), { history: world.history, ...of, week });
  return { agreement, pipeline, runs, report };
}

/** Reports weeks one after the other; each closing is told once, in the week that holds it, and stays in the table. */
async function reportAll(
  agreement: Agreement,
  report: (week: Week) => Promise<WeeklyReport>,
  order: readonly number[],
): Promise<Map<number, readonly Incident[]>> {
  const told = new Map<number, readonly Incident[]>();
  const closings: string[] = [];
  let known: unknown[] = [];
  for (const index of order) {
    const week = weekAt(index);
    const { incidents } = await report(week);
    told.set(index, incidents);
    for (const { objective, openedAt, closedAt } of incidents) {
      if (closedAt === null) continue;
      closings.push(`${objective} ${openedAt}`);
      expect(contains(week, dateOf(closedAt))).toBe(true);
    }
    const closed = (await storedIncidents(agreement.id)).filter(([, , closedAt]) => closedAt !== null);
    expect(closed).toEqual(expect.arrayContaining(known));
    known = closed;
  }
  expect(new Set(closings).size).toBe(closings.length);
  return told;
}

/** Incidents that a reported week saw open, as they stood at the end of the latest reported week. */
function expectedIncidents(agreement: Agreement, pipeline: string, runs: Run[], order: readonly number[]) {
  const reported = order.map(weekAt);
  const week = reported.reduce((latest, each) => (each.start > latest.start ? each : latest));
  const input: ScoringCase = {
    agreement,
    week,
    asOf: later,
    runsOf: new Map([[pipeline, runs]]),
    latestSuccessBefore: new Map(),
    coverage: {
      historyStart: new Date("2026-03-02T00:00:00Z"),
      syncedThrough: new Map([[pipeline, later]]),
      disputedDays: new Map(),
    },
    taskNames: new Map(),
  };
  return agreement.objectives
    .flatMap((objective) =>
      incidentsOf(objective, input).map((each) => ({ objective: objective.id, ...each })),
    )
    .filter(({ openedAt, closedAt }) =>
      reported.some(
        ({ start, end }) => openedAt < microsOf(end) && (closedAt === null || closedAt >= microsOf(start)),
      ),
    )
    .map(({ objective, openedAt, closedAt, badEvents }) => [
      objective,
      isoOf(openedAt),
      isoOrNull(closedAt),
      badEvents,
    ])
    .toSorted(byText);
}

async function storedIncidents(agreement: string) {
  const { rows } = await world.history.pool.query<{
    objective: string;
    opened: Micros;
    closed: Micros | null;
    bad: number;
  }>(
    `select objective, bad_events as bad, (extract(epoch from opened_at) * 1000000)::bigint as opened,
            (extract(epoch from closed_at) * 1000000)::bigint as closed
     from runledger.incidents where agreement = $1`,
    [agreement],
  );
  return rows
    .map(({ objective, opened, closed, bad }) => [objective, isoOf(opened), isoOrNull(closed), bad])
    .toSorted(byText);
}

function byText(a: readonly unknown[], b: readonly unknown[]): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

async function agreementOf(pipeline: string) {
  const objective = (id: string, measure: object) => ({ id, pipeline, target: "90%", ...measure });
  const config = await parseConfig(
    JSON.stringify({
      version: 1,
      history_start: "2026-03-02",
      pipelines: [{ uuid: pipeline, name: pipeline }],
      agreements: [
        {
          agreement: randomUUID(),
          title: "Finance close",
          timezone: "Europe/Berlin",
          effective_from: "2026-03-03",
          exclusions: [
            { every: "sun 02:00", for: "3h", reason: "Maintenance" },
            { from: "2026-05-04 00:00", to: "2026-05-09 00:00", reason: "Upgrade" },
          ],
          objectives: [
            objective("succeeds", { success: {} }),
            objective("fast", { duration: { at_most: "10m" } }),
            objective("fast-if-good", { duration: { at_most: "10m", failed: "exclude" } }),
            objective("by-six", { deadline: { by: "06:00", opens: "22:00", on: "mon,tue,wed,thu,fri,sat" } }),
            objective("late-night", {
              deadline: { by: "23:50", opens: "01:00", grace: "30m", on: "sat,sun" },
            }),
            objective("fresh", { freshness: { max_age: "50h" } }),
            objective("enough", { volume: { per: "day", at_least: 1, on: "daily" } }),
          ],
          report: { to: ["a@acme.example"], settle: "1h" },
        },
      ],
    }),
    "config.json",
    noFile,
  );
  const [agreement] = config.agreements;
  if (agreement === undefined) throw new Error("there is one agreement");
  return { agreement, config };
}

async function storeRuns(pipeline: string, runs: readonly Run[]): Promise<void> {
  await world.history.pool.query(
    `insert into runledger.pipelines (pipeline_uuid, name, synced_through) values ($1::uuid, $1::uuid::text, $2)`,
    [pipeline, later],
  );
  await world.history.pool.query(
    `insert into runledger.runs (pipeline_uuid, run_uuid, started_at, finished_at, elapsed_ms, task_duration_ms,
                                 task_count, failed_task_count, is_successful)
     select $1::uuid, run, finish, finish, elapsed, 0, 1, (not successful)::int, successful
     from unnest($2::uuid[], $3::timestamptz[], $4::boolean[], $5::float8[]) as r (run, finish, successful, elapsed)`,
    [
      pipeline,
      runs.map(({ runUuid }) => runUuid),
      runs.map(({ finishedAt }) => isoOf(finishedAt)),
      runs.map(({ isSuccessful }) => isSuccessful),
      runs.map(({ elapsedMs }) => elapsedMs),
    ],
  );
}

async function noFile(): Promise<string> {
  throw new Error("no agreement has a calendar file");
}

/** Runs of the five weeks and a little after; often on their bounds, or on the evening before their Mondays. */
const finishes = fc.oneof(
  fc
    .record({
      week: fc.nat(4),
      hours: fc.constantFrom(0, 0, -1, 1, -26, -50),
      beside: fc.constantFrom(0, 0, 1, -1, 600_000_400),
    })
    .map(({ week, hours, beside }) => microsOf(weeks[week]?.end ?? later) + hours * 3_600_000_000 + beside),
  fc
    .nat(5 * 7 * 24 + 30)
    .map((hours) => microsOf(firstWeek?.start ?? later) + hours * 3_600_000_000 + 600_000_400),
);

interface DrawnRun {
  at: Micros;
  isSuccessful: boolean;
  elapsedMs: number;
  runUuid: string;
}

const elapsed = fc.constantFrom(600_000, 600_000, 600_001);

const histories: fc.Arbitrary<DrawnRun[]> = fc.uniqueArray(
  fc.record({ at: finishes, isSuccessful: fc.boolean(), elapsedMs: elapsed, runUuid: fc.uuid() }),
  { selector: ({ runUuid }) => runUuid, maxLength: 40 },
);

/**
 * Two good runs a day, but for 14 to 20 weeks in which there are none, or failed ones now and then, or slow ones; some
 * that may be good are in excluded time. The first good ones after may be on the bound of a week.
 */
const longOutages: fc.Arbitrary<DrawnRun[]> = fc
  .record({
    startHour: fc.integer({ min: 0, max: 4 * 168 }),
    weeksLong: fc.integer({ min: 14, max: 20 }),
    hoursMore: fc.constantFrom(0, 1, 5, 30, 100),
    kind: fc.constantFrom("none", "failed", "slow"),
    everyHours: fc.constantFrom(5, 23, 24, 170, 1000),
    isGoodInExclusion: fc.boolean(),
    beside: fc.constantFrom(0, 0, 1, 600_000_400),
  })
  .map(({ startHour, weeksLong, hoursMore, kind, everyHours, isGoodInExclusion, beside }) => {
    const start = microsOf(firstWeek?.start ?? later);
    const at = (hour: number) => start + hour * 3_600_000_000 + beside;
    const endHour = Math.floor(startHour / 168) * 168 + weeksLong * 168 + hoursMore;
    const upgrade = microsOf(new Date("2026-05-06T10:00:00Z"));
    const runs = Array.from({ length: 27 * 168 + 30 }, (_, hour) => hour).flatMap((hour) => {
      const isOut = hour >= startHour && hour < endHour;
      if (isOut && (kind === "none" || (hour - startHour) % everyHours !== 0)) return [];
      if (!isOut && hour !== endHour && hour % 24 !== 4 && hour % 24 !== 23) return [];
      return [
        { at: at(hour), isSuccessful: !isOut || kind === "slow", elapsedMs: isOut ? 700_000 : 600_000 },
      ];
    });
    const excluded = isGoodInExclusion ? [{ at: upgrade, isSuccessful: true, elapsedMs: 600_000 }] : [];
    return [...runs, ...excluded].map((each, index) => ({
      ...each,
      runUuid: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
    }));
  });

/** Weeks from the first to the last, few enough apart for each closing to be seen; in order or not. */
const everyFewWeeks = fc
  .record({ step: fc.constantFrom(1, 2, 3, 5), isShuffled: fc.boolean() })
  .chain(({ step, isShuffled }) => {
    const some = weeks.flatMap((_, index) => ((weeks.length - 1 - index) % step === 0 ? [index] : []));
    return isShuffled ? fc.shuffledSubarray(some, { minLength: some.length }) : fc.constant(some);
  });

/** Some of the weeks, each once, most often in their order. */
const reportedWeeks = fc
  .subarray([0, 1, 2, 3, 4], { minLength: 2 })
  .chain((some) => fc.oneof(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length })));
