import { randomUUID } from "node:crypto";
import { parseConfig, type Agreement } from "@runledger/config";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  type Micros,
  type Run,
  type Week,
  contains,
  dateOf,
  isoOf,
  isoOrNull,
  microsOf,
  weekOf,
} from "@runledger/sla";
import { reportWeek } from "../src/weeks/report-week.ts";
import { failedRun, run, type ScoringCase } from "@runledger/sla/testing/sla-fixture";
import { incidentsOf } from "@runledger/sla/testing/sla-second-way";
import { createWorld, type World } from "./weekly-fixture.ts";

const weeks = ["2026-W10", "2026-W11", "2026-W12", "2026-W13", "2026-W14"].map((id) =>
  weekOf(id, "Europe/Berlin"),
);
const [firstWeek] = weeks;
const later = new Date("2026-05-01T00:00:00Z");

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
      const { agreement, config } = await agreementOf(randomUUID());
      const pipeline = config.pipelines[0]?.uuid ?? "";
      const runs = drawn.map(({ at, isSuccessful, runUuid }) =>
        (isSuccessful ? run : failedRun)(isoOf(at), { pipelineUuid: pipeline, runUuid }),
      );
      await storeRuns(pipeline, runs);
      const of = { config, agreement, asOf: later, isRestated: false, isAsOfAsked: true };
      const report = async (week: Week) => {
        const { incidents } = await reportWeek(world.context({}, later), {
          history: world.history,
          ...of,
          week,
        });
        return incidents.filter(({ closedAt }) => closedAt !== null);
      };
      const closings: string[] = [];
      let known: unknown[] = [];
      for (const week of order.map(weekAt)) {
        for (const { objective, openedAt, closedAt } of await report(week)) {
          closings.push(`${objective} ${openedAt}`);
          expect(contains(week, dateOf(closedAt ?? 0))).toBe(true);
        }
        const closed = (await storedIncidents(agreement.id)).filter(([, , closedAt]) => closedAt !== null);
        expect(closed).toEqual(expect.arrayContaining(known));
        known = closed;
      }
      expect(new Set(closings).size).toBe(closings.length);
      // A week that was reported after a later one learns how it went on when that is reported again.
      await report(weekAt(Math.max(...order)));
      expect(await storedIncidents(agreement.id)).toEqual(
        expectedIncidents(agreement, pipeline, runs, order),
      );
    }),
    { numRuns: 25 },
  );
});

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
          objectives: [
            objective("succeeds", { success: {} }),
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
     select $1::uuid, run, finish, finish, 0, 0, 1, (not successful)::int, successful
     from unnest($2::uuid[], $3::timestamptz[], $4::boolean[]) as r (run, finish, successful)`,
    [
      pipeline,
      runs.map(({ runUuid }) => runUuid),
      runs.map(({ finishedAt }) => isoOf(finishedAt)),
      runs.map(({ isSuccessful }) => isSuccessful),
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

const histories = fc.uniqueArray(
  fc.record({ at: finishes, isSuccessful: fc.boolean(), runUuid: fc.uuid() }),
  { selector: ({ runUuid }) => runUuid, maxLength: 40 },
);

/** Some of the weeks, each once, most often in their order. */
const reportedWeeks = fc
  .subarray([0, 1, 2, 3, 4], { minLength: 2 })
  .chain((some) => fc.oneof(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length })));
