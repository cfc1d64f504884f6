-- Proven days are not worked out anew every night: nothing changes in them without a trace. What syncs store, they note
-- themselves; rows that someone else deletes or changes are noted here, so that the next sync compares their days with
-- the source again. It costs nothing where rows are only added.

create function runledger.note_changed_task_runs() returns trigger language plpgsql as $$
begin
  update runledger.pipelines p
  set stats_stale_from = least(p.stats_stale_from, changed.since)
  from (select pipeline_uuid, min(executed_at) as since from before group by pipeline_uuid) changed
  where p.pipeline_uuid = changed.pipeline_uuid;
  return null;
end
$$;

comment on function runledger.note_changed_task_runs is
  'Notes from when on task runs were deleted or changed, for the next sync to compare them with the source.';

create trigger task_runs_deleted after delete on runledger.task_runs
  referencing old table as before
  for each statement execute function runledger.note_changed_task_runs();

create trigger task_runs_changed after update on runledger.task_runs
  referencing old table as before
  for each statement execute function runledger.note_changed_task_runs();

create function runledger.note_truncated_task_runs() returns trigger language plpgsql as $$
begin
  update runledger.pipelines set stats_stale_from = first_run_at;
  return null;
end
$$;

comment on function runledger.note_truncated_task_runs is
  'Notes that all task runs were deleted, for the next sync to compare them with the source.';

create trigger task_runs_truncated after truncate on runledger.task_runs
  for each statement execute function runledger.note_truncated_task_runs();
