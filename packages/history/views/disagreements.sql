create or replace view runledger.disagreements as
select
  pipeline_uuid, day, state, stored_runs, source_runs, stored_failures, source_failures, stored_task_runs,
  source_task_runs, checked_at,
  (
    select count(*)
    from runledger.quarantined_rows q
    where q.pipeline_uuid = c.pipeline_uuid and left(q.row ->> 'executed_at', 10) = c.day::text
  ) as quarantined_rows,
  (
    select count(*)
    from runledger.set_aside_answers a
    where a.pipeline_uuid = c.pipeline_uuid
      and a.window_from < (c.day + 1)::timestamp at time zone 'UTC' and a.window_to >= c.day::timestamp at time zone 'UTC'
  ) as set_aside_answers
from runledger.coverage c
where state = 'disputed';

comment on view   runledger.disagreements is 'Days on which the stored figures and the source''s disagree, even after being pulled again.';
comment on column runledger.disagreements.pipeline_uuid    is 'Pipeline.';
comment on column runledger.disagreements.day              is 'Day in UTC.';
comment on column runledger.disagreements.state            is 'Always disputed.';
comment on column runledger.disagreements.stored_runs      is 'Runs of the day in the history.';
comment on column runledger.disagreements.source_runs      is 'Runs of the day by the source''s statistics.';
comment on column runledger.disagreements.stored_failures  is 'Failed task runs of the day''s runs in the history.';
comment on column runledger.disagreements.source_failures  is 'Failures of the day by the source''s statistics.';
comment on column runledger.disagreements.stored_task_runs is 'Task runs of the day in the history.';
comment on column runledger.disagreements.source_task_runs is 'Task runs of the day by the source''s task statistics.';
comment on column runledger.disagreements.checked_at       is 'When the two were last compared.';
comment on column runledger.disagreements.quarantined_rows is 'Rows of the day that could not be read: the source counts them, the history cannot hold them.';
comment on column runledger.disagreements.set_aside_answers is 'Answers of the run log for times of the day that cannot be read or stored at all.';
