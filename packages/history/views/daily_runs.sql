create or replace view runledger.daily_runs as
select
  pipeline_uuid,
  (finished_at at time zone 'UTC')::date                    as day,
  count(*)                                                  as runs,
  count(*) filter (where is_successful)                     as successes,
  count(*) filter (where not is_successful)                 as failures,
  -- percentile_disc is the nearest-rank percentile.
  percentile_disc(0.50) within group (order by elapsed_ms)  as p50_ms,
  percentile_disc(0.95) within group (order by elapsed_ms)  as p95_ms,
  max(elapsed_ms)                                           as max_ms
from runledger.runs
group by pipeline_uuid, day;

comment on view   runledger.daily_runs is 'Runs per pipeline and UTC day of their finish.';
comment on column runledger.daily_runs.pipeline_uuid is 'Pipeline.';
comment on column runledger.daily_runs.day           is 'Day in UTC on which the runs finished.';
comment on column runledger.daily_runs.runs          is 'Runs.';
comment on column runledger.daily_runs.successes     is 'Runs in which no task failed.';
comment on column runledger.daily_runs.failures      is 'Runs in which a task failed.';
comment on column runledger.daily_runs.p50_ms        is 'Median of elapsed_ms, nearest rank.';
comment on column runledger.daily_runs.p95_ms        is '95th percentile of elapsed_ms, nearest rank.';
comment on column runledger.daily_runs.max_ms        is 'Longest elapsed_ms.';
