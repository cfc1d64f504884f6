-- runledger_reader: a role to grant to people and dashboards. It may read the history and nothing else.
-- Roles belong to the cluster and making one wants a privilege: where that is missing, an administrator
-- creates the role once and the next migrate grants to it.
do $$
begin
  if not exists (select from pg_roles where rolname = 'runledger_reader') then
    create role runledger_reader nologin;
  end if;
exception
  when insufficient_privilege then
    raise notice 'role runledger_reader is missing and this user may not create it';
  -- Another database of this cluster is being migrated at the same moment.
  when duplicate_object or unique_violation then
    null;
end
$$;

do $$
begin
  if exists (select from pg_roles where rolname = 'runledger_reader') then
    grant usage on schema runledger to runledger_reader;
    grant select on
      runledger.pipelines, runledger.tasks, runledger.task_runs, runledger.runs, runledger.period_stats,
      runledger.stat_snapshots, runledger.daily_runs, runledger.coverage, runledger.disagreements,
      runledger.quarantined_rows, runledger.set_aside_answers, runledger.syncs, runledger.sla_results, runledger.incidents,
      runledger.deliveries, runledger.suppressions, runledger.reports, runledger.definitions,
      runledger.notices, runledger.processes, runledger.pipeline_leases
      to runledger_reader;
  end if;
end
$$;
