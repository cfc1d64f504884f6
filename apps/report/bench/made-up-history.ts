import type { History } from "@runledger/history";

export const PIPELINES = 1000;
const AGREEMENTS = 100;
const DAYS = 7;

/** The week that all runs are of: 2026-W12 in Berlin. */
export const WEEK = "2026-W12";
const MONDAY = "2026-03-15T23:00:00Z";
/** Six hours after the week's end and more: it is closed. */
export const AS_OF = new Date("2026-03-23T06:00:00Z");

/** A configuration of 100 agreements on ten pipelines each, with two objectives a pipeline, of every kind. */
export function madeUpConfig(runsPerPipeline: number): string {
  const runsPerDay = runsPerPipeline / DAYS;
  const lines = ["version: 1", "history_start: 2025-01-01", "timezone: Europe/Berlin", "pipelines:"];
  for (let pipeline = 0; pipeline < PIPELINES; pipeline += 1) {
    lines.push(`  - { uuid: ${uuidOf(pipeline)}, name: pipeline-${pipeline} }`);
  }
  lines.push("agreements:");
  for (let agreement = 0; agreement < AGREEMENTS; agreement += 1) {
    lines.push(
      `  - agreement: agreement-${agreement}`,
      `    title: Agreement ${agreement}`,
      "    customer: Bench",
      "    effective_from: 2025-06-02",
      "    exclusions:",
      '      - { every: "sun 02:00", for: 2h, reason: Maintenance }',
      "      - { from: 2026-03-18 12:00, to: 2026-03-18 13:00, reason: Upgrade, approved_by: board }",
      "    objectives:",
    );
    for (let index = 0; index < PIPELINES / AGREEMENTS; index += 1) {
      const pipeline = `pipeline: pipeline-${agreement * (PIPELINES / AGREEMENTS) + index}`;
      const measure = OTHER_MEASURES[index % OTHER_MEASURES.length]?.(runsPerDay);
      lines.push(
        `      - { id: succeeds-${index}, ${pipeline}, success: {}, target: 97% }`,
        `      - { id: other-${index}, ${pipeline}, ${measure}, target: 95% }`,
      );
    }
    lines.push("    report: { to: [bench@acme.example] }");
  }
  return `${lines.join("\n")}\n`;
}

const OTHER_MEASURES = [
  () => "duration: { at_most: 895s }",
  () => "duration: { at_most: 895s, failed: exclude }",
  () => 'deadline: { by: "06:00", on: workdays, opens: "00:00", grace: 10m }',
  () => "freshness: { max_age: 30m }",
  (runsPerDay: number) => `volume: { per: day, at_least: ${Math.floor(runsPerDay * 0.9)}, on: daily }`,
];

/**
 * Fills `runs` with a week of every pipeline: runs at an even pace, of up to a quarter of an hour each; now and then
 * twenty in a row fail, 2 % in all. They lie in the table as nightly syncs leave them: night after night, pipeline after pipeline, by start.
 */
export async function makeUpRuns({ pool }: History, runsPerPipeline: number): Promise<void> {
  await pool.query(
    `insert into runledger.pipelines (pipeline_uuid, name, synced_through)
     select (${UUID})::uuid, 'pipeline-' || pipeline, $1 from generate_series(0, ${PIPELINES - 1}) as pipeline`,
    [AS_OF],
  );
  const runsPerDay = Math.round(runsPerPipeline / DAYS);
  for (let day = 0; day < DAYS; day += 1) {
    await pool.query(insertDay, [MONDAY, day, runsPerDay]);
  }
  // As autovacuum does after each night.
  await pool.query("vacuum analyze runledger.runs");
}

const UUID = "'7b1c0f7e-0000-4000-8000-' || lpad(pipeline::text, 12, '0')";

function uuidOf(pipeline: number): string {
  return `7b1c0f7e-0000-4000-8000-${String(pipeline).padStart(12, "0")}`;
}

/** `$1` is the week's start, `$2` the day from 0 on, `$3` the number of runs a day. */
const insertDay = `
  insert into runledger.runs
    (pipeline_uuid, run_uuid, started_at, finished_at, elapsed_ms, task_duration_ms, first_failed_task_uuid,
     task_count, failed_task_count, is_successful, error_message)
  select (${UUID})::uuid, gen_random_uuid(), finished_at - micros * interval '1 microsecond', finished_at,
         micros / 1000.0, micros / 1000,
         case when fails then '1f0d3b52-0000-4000-8000-000000000002'::uuid end, 5, fails::int, not fails,
         case when fails then 'Lock wait timeout exceeded; try restarting transaction' end
  from (
    select pipeline, n,
           $1::timestamptz + ($2::int + (n + 0.5) / $3::int) * interval '1 day' as finished_at,
           -- No run of a week starts before it.
           least(1000000 + (n * 7919 + pipeline * 104729 + $2::int * 31) % 899000000::bigint,
                 86400000000 * n / $3::int + 1000) as micros,
           ($2::int * $3::int + n + pipeline * 31) / 20 % 50 = 7 as fails
    from generate_series(0, ${PIPELINES - 1}) as pipeline, generate_series(0, $3::int - 1) as n
  ) as made_up
  order by pipeline, finished_at - micros * interval '1 microsecond'`;
