import { randomUUID } from "node:crypto";
import { parseConfig } from "@runledger/config";
import fc from "fast-check";
import { expect, it } from "vitest";
import { reportWeek } from "../src/weeks/report-week.ts";
import { type ObjectiveKind, weekOf } from "@runledger/sla";
import { createWorld, type World } from "./weekly-fixture.ts";

it("stores for success, duration and volume what one query over runs counts", async () => {
  await using world = await createWorld();
  await fc.assert(
    fc.asyncProperty(weeks, drawnAgreements, drawnRuns, async (week, drawn, runs) => {
      const agreements = drawn.map((terms) => {
        const named = { ...terms, agreement: randomUUID(), pipeline: randomUUID() };
        return { ...named, once: terms.once.map((each) => localTimes(week, each)) };
      });
      await storeRuns(world, week, agreements, runs);
      const config = await parseConfig(JSON.stringify(configOf(agreements)), "config.json", noFile);
      for (const agreement of config.agreements) {
        const { timezone } = agreement;
        await reportWeek(world.context({}, TODAY), {
          history: world.history,
          config,
          agreement,
          week: weekOf(week, timezone),
          asOf: TODAY,
          isAsOfAsked: true,
          isRestated: false,
        });
      }

      const { rows: stored } = await world.history.pool.query(
        `select agreement, objective, good, total, excluded from runledger.sla_results
         where agreement = any($1) order by agreement, objective`,
        [agreements.map(({ agreement }) => agreement)],
      );
      const { rows: recounted } = await world.history.pool.query(RECOUNT, [week, JSON.stringify(agreements)]);
      expect(recounted).toHaveLength(agreements.length * 4);
      expect(stored).toEqual(recounted);
    }),
    { numRuns: 15 },
  );
});

/**
 * $1 is the week, $2 the agreements with their exclusions.
 *
 * Instants become local times by Postgres's own clocks. The other way round it takes the second of two instants with
 * the same local time, so the first is looked for half an hour and an hour before.
 */
const RECOUNT = `
  with agreements as (
    select * from jsonb_to_recordset($2::jsonb) as a (
      agreement text, pipeline uuid, zone text, at_most numeric, at_least int, weekdays int[], once jsonb, weekly jsonb
    )
  ),
  days as (
    select day::date, extract(isodow from day) as weekday
    from generate_series(to_date($1, 'IYYY-"W"IW') - 9, to_date($1, 'IYYY-"W"IW') + 7, interval '1 day') as day
  ),
  exclusions as (
    select agreement, zone, starts_at, ends_at, null::numeric as hours
    from agreements, jsonb_to_recordset(once) as e (starts_at timestamp, ends_at timestamp)
    union all
    select agreement, zone, day + at, null, hours
    from agreements, jsonb_to_recordset(weekly) as e (weekdays int[], at time, hours numeric)
    join days on weekday = any(e.weekdays)
  ),
  excluded as (
    select agreement, first_of.starts_at, coalesce(first_of.ends_at, first_of.starts_at + hours * interval '1 hour') as ends_at
    from exclusions e
    cross join lateral (
      select coalesce(
               min(e.starts_at at time zone zone - earlier) filter (
                 where (e.starts_at at time zone zone - earlier) at time zone zone = e.starts_at
               ), e.starts_at at time zone zone) as starts_at,
             coalesce(
               min(e.ends_at at time zone zone - earlier) filter (
                 where (e.ends_at at time zone zone - earlier) at time zone zone = e.ends_at
               ), e.ends_at at time zone zone) as ends_at
      from unnest(array[interval '0', interval '30 minutes', interval '1 hour']) as earlier
    ) as first_of
  ),
  runs as (
    select agreement, is_successful, elapsed_ms <= at_most as is_quick, (finished_at at time zone zone)::date as day,
           exists (
             select from excluded x
             where x.agreement = a.agreement and finished_at >= x.starts_at and finished_at < x.ends_at
           ) as is_excluded
    from runledger.runs
    join agreements a on pipeline_uuid = pipeline
    where to_char(finished_at at time zone zone, 'IYYY-"W"IW') = $1
  ),
  quarters as (
    select agreement, (quarter at time zone zone)::date as day,
           exists (
             select from excluded x
             where x.agreement = a.agreement and quarter >= x.starts_at and quarter < x.ends_at
           ) as is_excluded
    from agreements a,
         to_timestamp($1, 'IYYY-"W"IW') as monday,
         generate_series(monday - interval '1 day', monday + interval '8 days', interval '15 minutes') as quarter
    where to_char(quarter at time zone zone, 'IYYY-"W"IW') = $1
  ),
  volume as (
    select agreement, day, bool_and(q.is_excluded) as is_excluded,
           (select count(*) from runs r where r.agreement = a.agreement and r.day = q.day and r.is_successful) >= at_least as is_good
    from agreements a
    join quarters q using (agreement)
    where extract(isodow from day) = any(weekdays)
    group by agreement, day, at_least
  ),
  events as (
    select agreement, 'all' as objective, is_successful as is_good, is_excluded from runs
    union all
    select agreement, 'quick', is_successful and is_quick, is_excluded from runs
    union all
    select agreement, 'quick-successful', is_quick, is_excluded from runs where is_successful
    union all
    select agreement, 'enough', is_good, is_excluded from volume
  )
  select agreement, objective,
         count(*) filter (where is_good and not is_excluded) as good,
         count(*) filter (where not is_excluded) as total,
         count(*) filter (where is_excluded) as excluded
  from agreements
  cross join unnest(array['all', 'quick', 'quick-successful', 'enough']) as objective
  left join events using (agreement, objective)
  group by agreement, objective
  order by agreement, objective`;

const TODAY = new Date("2027-02-01T00:00:00Z");
const QUARTER_MS = 900_000;

const weeks = fc.constantFrom(
  "2026-W10",
  "2026-W13",
  "2026-W14",
  "2026-W40",
  "2026-W43",
  "2026-W44",
  "2026-W53",
);

/** Quarters of an hour from the week's Monday on; often in the night before its Sunday, in which clocks change. */
const quarters = fc.oneof(
  fc.integer({ min: -96, max: 8 * 96 }),
  fc.integer({ min: 6 * 96 - 8, max: 6 * 96 + 16 }),
);

const drawnRuns = fc.array(
  fc.record({
    quarter: quarters,
    micros: fc.constantFrom(0, 0, -1, 1, 400_000_000),
    elapsed_ms: fc.constantFrom(1, 600_000, 600_000.5, 900_000, 900_001),
    is_successful: fc.boolean(),
  }),
  { minLength: 20, maxLength: 100 },
);

const weekdays = fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 });

const drawnAgreements = fc.array(
  fc.record({
    zone: fc.constantFrom(
      "Europe/Berlin",
      "America/New_York",
      "America/St_Johns",
      "America/Havana",
      "Asia/Beirut",
      "Asia/Kathmandu",
      "Australia/Lord_Howe",
      "Pacific/Apia",
    ),
    at_most: fc.constantFrom(600_000, 900_000),
    at_least: fc.integer({ min: 1, max: 3 }),
    weekdays,
    once: fc.array(fc.record({ from: quarters, quarters: fc.integer({ min: 1, max: 300 }) }), {
      maxLength: 2,
    }),
    weekly: fc.array(
      fc.record({
        weekdays,
        at: fc.oneof(
          fc.nat(95).map((quarter) => new Date(quarter * QUARTER_MS).toISOString().slice(11, 16)),
          fc.constantFrom("00:00", "01:30", "02:30"),
        ),
        hours: fc.constantFrom(1, 2, 24, 50),
      }),
      { maxLength: 2 },
    ),
  }),
  { minLength: 3, maxLength: 5 },
);

type DrawnAgreement = typeof drawnAgreements extends fc.Arbitrary<(infer Terms)[]> ? Terms : never;
type DrawnRun = typeof drawnRuns extends fc.Arbitrary<(infer Run)[]> ? Run : never;
type NamedAgreement = Omit<DrawnAgreement, "once"> & {
  agreement: string;
  pipeline: string;
  once: ReturnType<typeof localTimes>[];
};

/** An exclusion from one local time to another. */
function localTimes(week: string, { from, quarters: length }: DrawnAgreement["once"][number]) {
  const local = (quarter: number) =>
    new Date(weekOf(week, "UTC").start.getTime() + quarter * QUARTER_MS)
      .toISOString()
      .slice(0, "2026-03-14T22:00".length);
  return { starts_at: local(from), ends_at: local(from + length) };
}

/** Each agreement's pipeline has the same runs: the zones make different weeks of them. */
async function storeRuns({ history }: World, week: string, agreements: NamedAgreement[], runs: DrawnRun[]) {
  const pipelines = agreements.map(({ pipeline }) => pipeline);
  await history.pool.query(
    `insert into runledger.pipelines (pipeline_uuid, name, synced_through)
     select pipeline, pipeline, $2 from unnest($1::uuid[]) as pipeline`,
    [pipelines, TODAY],
  );
  await history.pool.query(
    `insert into runledger.runs (pipeline_uuid, run_uuid, started_at, finished_at, elapsed_ms, task_duration_ms,
                                 task_count, failed_task_count, is_successful)
     select pipeline, gen_random_uuid(), at - elapsed_ms * interval '1 ms', at, elapsed_ms, 1, 1, (not is_successful)::int, is_successful
     from unnest($1::uuid[]) as pipeline,
          jsonb_to_recordset($2::jsonb) as r (quarter int, micros int, elapsed_ms float8, is_successful boolean),
          lateral (select $3::timestamptz + quarter * interval '15 minutes' + micros * interval '1 microsecond' as at) as finish`,
    [pipelines, JSON.stringify(runs), weekOf(week, "UTC").start],
  );
}

/** What the query counts, by kind. Due days and stale time it does not know: the scoring's second way has those. */
const counted: Record<ObjectiveKind, Record<string, (terms: NamedAgreement) => object>> = {
  success: { all: () => ({ success: {} }) },
  duration: {
    quick: ({ at_most }) => ({ duration: { at_most: `${at_most}ms` } }),
    "quick-successful": ({ at_most }) => ({ duration: { at_most: `${at_most}ms`, failed: "exclude" } }),
  },
  deadline: {},
  freshness: {},
  volume: { enough: ({ at_least, weekdays: on }) => ({ volume: { per: "day", at_least, on: inWords(on) } }) },
};

function configOf(agreements: readonly NamedAgreement[]) {
  return {
    version: 1,
    history_start: "2025-06-01",
    pipelines: agreements.map(({ pipeline }) => ({ uuid: pipeline, name: pipeline })),
    agreements: agreements.map((terms) => {
      const { agreement, pipeline, zone, once, weekly: all } = terms;
      return {
        agreement,
        title: agreement,
        timezone: zone,
        exclusions: [
          ...once.map(({ starts_at: from, ends_at: to }) => ({ from, to, reason: "Move" })),
          ...all.map(({ weekdays: days, at, hours }) => ({
            every: `${inWords(days)} ${at}`,
            for: `${hours}h`,
            reason: "Maintenance",
          })),
        ],
        objectives: Object.values(counted)
          .flatMap((measures) => Object.entries(measures))
          .map(([id, measureOf]) => ({ id, pipeline, target: "98%", ...measureOf(terms) })),
        report: { to: ["a@acme.example"] },
      };
    }),
  };
}

async function noFile(): Promise<string> {
  throw new Error("no agreement has a calendar file");
}

function inWords(days: readonly number[]): string {
  return days.map((day) => ["mon", "tue", "wed", "thu", "fri", "sat", "sun"][day - 1]).join(",");
}
