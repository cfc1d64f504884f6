-- Reports read a pipeline's runs in order of finish, and of most no more than these columns. With all of them in the
-- index Postgres reads it alone, from one end to the other, and sorts nothing.

create index runs_finished_idx on runledger.runs (pipeline_uuid, finished_at, run_uuid)
  include (elapsed_ms, task_count, is_successful);

drop index runledger.runs_finished_at_idx;

-- Of failed ones, and they are few, also what failed: from the table.
create index runs_failed_idx on runledger.runs (pipeline_uuid, finished_at, run_uuid) where not is_successful;

-- The index alone will do only for pages that VACUUM has looked at since they were written. By its default that comes
-- once a fifth of the table is new: of a year's history the last weeks, which are what reports read, would be left out.
alter table runledger.runs set (autovacuum_vacuum_insert_scale_factor = 0.01);
