-- What 0016 brings holds for what was stored before it, too: figures that are none are flagged, and the days that were in
-- dispute for good for their sake are compared again by the next sync.

update runledger.period_stats p
set is_sound = false
where subject_kind = 'pipeline' and num_of_successes = 0
  and (select sum(r.failed_task_count) > count(*)
       from runledger.runs r
       where r.pipeline_uuid = p.pipeline_uuid and r.finished_at >= p.date_from and r.finished_at < p.date_to);

update runledger.coverage
set state = 'unverified', source_runs = null, source_failures = null
where state = 'disputed' and stored_failures > stored_runs and source_runs = source_failures;
