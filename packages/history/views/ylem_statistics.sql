-- Ylem's own definitions of its statistics, over the stored rows: what the source's figures are compared with.
-- A pipeline's figures count runs, a task's count rows; a pipeline's failures are failed rows, and its successes
-- are its runs less those, so that both add up to the runs and successes can be negative. Means are truncated.

create or replace function runledger.statistics_by_day(pipeline uuid, first_day date, last_day date)
returns table (
  subject_kind text, subject_uuid uuid, day date,
  num_of_successes bigint, num_of_failures bigint, average_duration_ms bigint
)
language sql stable
-- There are few days and tasks, so grouping by hash is best; right after a load the planner does not know that yet.
set enable_sort = off
as $$
  -- A run counts, whole, on the day of its latest row.
  select 'pipeline', r.pipeline_uuid, (r.finished_at at time zone 'UTC')::date,
         count(*) - sum(r.failed_task_count), sum(r.failed_task_count),
         div(sum(r.task_duration_ms), count(*))::bigint
  from runledger.runs r
  where r.pipeline_uuid = pipeline
    and r.finished_at >= first_day::timestamp at time zone 'UTC'
    and r.finished_at < (last_day + 1)::timestamp at time zone 'UTC'
  group by 2, 3
  union all
  select 'task', task_uuid, (day_start at time zone 'UTC')::date,
         count(*) filter (where is_successful), count(*) filter (where not is_successful),
         div(sum(duration_ms), count(*))::bigint
  from (
    -- Plain arithmetic: a conversion to a date for each row takes a quarter of the time.
    select t.task_uuid, t.is_successful, t.duration_ms, date_bin('1 day', t.executed_at, '2000-01-01Z') as day_start
    from runledger.task_runs t
    where t.pipeline_uuid = pipeline
      and t.executed_at >= first_day::timestamp at time zone 'UTC'
      and t.executed_at < (last_day + 1)::timestamp at time zone 'UTC'
  ) rows_of_days
  group by task_uuid, day_start
$$;

comment on function runledger.statistics_by_day is
  'Aggregated statistics by UTC day, as Ylem defines them, of a pipeline and each of its tasks, over the stored rows.';

create or replace function runledger.statistics_of_window(pipeline uuid, first_instant timestamptz, last_instant timestamptz)
returns table (
  subject_kind text, subject_uuid uuid,
  num_of_successes bigint, num_of_failures bigint, average_duration_ms bigint, task_runs bigint
)
language sql stable as $$
  -- Only rows in the window count, also of runs that reach beyond it. Both ends are in it.
  with seen as materialized (
    select t.run_uuid, t.task_uuid, t.is_successful, t.duration_ms
    from runledger.task_runs t
    where t.pipeline_uuid = pipeline and t.executed_at between first_instant and last_instant
  )
  select 'pipeline', pipeline, count(distinct run_uuid) - count(*) filter (where not is_successful),
         count(*) filter (where not is_successful),
         coalesce(div(sum(duration_ms), nullif(count(distinct run_uuid), 0)), 0)::bigint, count(*)
  from seen
  union all
  select 'task', task_uuid, count(*) filter (where is_successful), count(*) filter (where not is_successful),
         div(sum(duration_ms), count(*))::bigint, count(*)
  from seen
  group by task_uuid
$$;

comment on function runledger.statistics_of_window is
  'Consolidated statistics of a window, as Ylem defines them, of a pipeline and each of its tasks, over the stored rows.';
