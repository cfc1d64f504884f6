import { randomUUID } from "node:crypto";
import { parseConfig } from "@runledger/config";
import fc from "fast-check";
import { expect, it } from "vitest";
import { weekOf } from "@runledger/sla";
import { reportWeek } from "../src/weeks/report-week.ts";
import { createWorld, type World } from "./weekly-fixture.ts";

const week = weekOf("2026-W12", "UTC");
const later = new Date("2026-04-01T00:00:00Z");

it("stores what SQL makes of the same microseconds, to the last of them", async () => {
  await using world = await createWorld();
  await fc.assert(
    fc.asyncProperty(histories, async (runs) => {
      const pipeline = randomUUID();
      const config = await parseConfig(JSON.stringify(configOf(pipeline)), "config.json", noFile);
      const [agreement] = config.agreements;
      if (agreement === undefined) throw new Error("there is one agreement");
      await storeRuns(world, pipeline, runs);
      await reportWeek(world.context({}, later), {
        history: world.history,
        config,
        agreement,
        week,
        asOf: later,
        isRestated: false,
        isAsOfAsked: true,
      });
      const { rows: stored } = await world.history.pool.query(
        `select objective, trim_scale(good)::text as good, trim_scale(total)::text as total
         from runledger.sla_results where agreement = $1 order by objective`,
        [agreement.id],
      );
      const { rows: counted } = await world.history.pool.query(RECOUNT, [pipeline, week.start, week.end]);
      expect(stored).toEqual(counted);
    }),
    { numRuns: 25 },
  );
});

/** By 06:00 with 10 minutes of grace; at most so old, and one hour of it excluded; at most 10 minutes long. */
const RECOUNT = `
  with r as (select finished_at as at, elapsed_ms, is_successful from runledger.runs where pipeline_uuid = $1),
  days as (
    select exists (
      select from r where is_successful and at >= day and at <= day + interval '6 hours 10 minutes'
    ) as is_good
    from generate_series($2::timestamptz, $3::timestamptz - interval '1 day', interval '1 day') as day
  ),
  ages as (select * from (values ('fresh', interval '5 hours'), ('fresh-long', interval '2130 hours')) as a (objective, max_age)),
  gaps as (
    select objective, at + max_age as stale_from, coalesce(lead(at) over (partition by objective order by at), $3) as stale_to
    from r cross join ages where is_successful and at < $3
  ),
  counted as (
    select * from (values ($2::timestamptz, $2::timestamptz + interval '50 hours'),
                          ($2::timestamptz + interval '51 hours', $3::timestamptz)) as c (starts_at, ends_at)
  ),
  stale as (
    select objective, sum(extract(epoch from least(stale_to, ends_at)) - extract(epoch from greatest(stale_from, starts_at))) as seconds
    from gaps join counted on greatest(stale_from, starts_at) < least(stale_to, ends_at)
    group by objective
  ),
  w as (select * from r where at >= $2 and at < $3 and not (at >= $2 + interval '50 hours' and at < $2 + interval '51 hours'))
  select 'by-six' as objective, count(*) filter (where is_good)::text as good, count(*)::text as total from days
  union all
  select 'fast', count(*) filter (where is_successful and elapsed_ms <= 600000)::text, count(*)::text from w
  union all
  select objective, trim_scale(167 * 3600 - coalesce(seconds, 0))::text, (167 * 3600)::text
  from ages left join stale using (objective)
  union all
  select 'succeeds', count(*) filter (where is_successful)::text, count(*)::text from w
  order by objective`;

function configOf(pipeline: string) {
  const objective = (id: string, measure: object) => ({ id, pipeline, target: "90%", ...measure });
  return {
    version: 1,
    history_start: "2025-06-01",
    pipelines: [{ uuid: pipeline, name: pipeline }],
    agreements: [
      {
        agreement: randomUUID(),
        title: "Close",
        timezone: "UTC",
        exclusions: [{ from: "2026-03-18 02:00", to: "2026-03-18 03:00", reason: "Move" }],
        objectives: [
          objective("succeeds", { success: {} }),
          objective("fast", { duration: { at_most: "10m" } }),
          objective("by-six", { deadline: { by: "06:00", grace: "10m", on: "daily" } }),
          objective("fresh", { freshness: { max_age: "5h" } }),
          objective("fresh-long", { freshness: { max_age: "2130h" } }),
        ],
        report: { to: ["a@acme.example"] },
      },
    ],
  };
}

/** About due times, bounds of the week, of the excluded hour, and where data that was fresh then becomes stale. */
const histories = fc
  .array(
    fc.record({
      hours: fc.oneof(
        fc.nat(167),
        fc.nat(6).map((day) => day * 24 + 6 + 1 / 6),
        fc.constantFrom(0, 45, 46, 50, 51, 168),
      ),
      micros: fc.oneof(
        fc.constantFrom(0, 0, 1, -1, 400, -400, 999, 1000),
        fc.integer({ min: -1e9, max: 1e9 }),
      ),
      elapsed_ms: fc.constantFrom(600_000, 600_000.001, 599_999.999, 1),
      is_successful: fc.boolean(),
    }),
    { maxLength: 40 },
  )
  // Something carries into the 13 weeks, so that age need not be counted from elsewhere.
  .map((runs) => [...runs, { hours: -2100, micros: -123_457, elapsed_ms: 1, is_successful: true }]);

type DrawnRuns = typeof histories extends fc.Arbitrary<infer Runs> ? Runs : never;

async function storeRuns({ history }: World, pipeline: string, runs: DrawnRuns): Promise<void> {
  await history.pool.query(
    `insert into runledger.pipelines (pipeline_uuid, name, synced_through) values ($1::uuid, $1::uuid::text, $2)`,
    [pipeline, later],
  );
  await history.pool.query(
    `insert into runledger.runs (pipeline_uuid, run_uuid, started_at, finished_at, elapsed_ms, task_duration_ms,
                                 task_count, failed_task_count, is_successful)
     select $1, gen_random_uuid(), at - elapsed_ms * interval '1 ms', at, elapsed_ms, 1, 1, (not is_successful)::int, is_successful
     from jsonb_to_recordset($2::jsonb) as r (minutes int, micros int, elapsed_ms float8, is_successful boolean),
          lateral (select $3::timestamptz + minutes * interval '1 minute' + micros * interval '1 microsecond' as at) as finish`,
    [
      pipeline,
      JSON.stringify(runs.map(({ hours, ...each }) => ({ ...each, minutes: Math.round(hours * 60) }))),
      week.start,
    ],
  );
}

async function noFile(): Promise<string> {
  throw new Error("no agreement has a calendar file");
}
