-- Where more task runs of a pipeline failed than runs ran, the source gives figures of the pipeline that are none, and does
-- not say so: only the stored rows tell.

alter table runledger.period_stats add column is_sound boolean not null default true;
alter table runledger.stat_snapshots add column is_sound boolean not null default true;

comment on column runledger.period_stats.is_sound is
  'False where more task runs failed than runs ran: the source then gives figures of the pipeline of which none can be trusted. Those of its tasks can.';
comment on column runledger.stat_snapshots.is_sound is
  'False where more task runs failed than runs ran: the source then gives figures of the pipeline of which none can be trusted. Those of its tasks can.';

comment on column runledger.coverage.source_runs     is 'Runs of the day by the source''s statistics; null where more task runs failed than runs ran, of which the source can give no figures.';
comment on column runledger.coverage.source_failures is 'Failures of the day by the source''s statistics; null where source_runs is.';
comment on column runledger.coverage.state           is 'proven (agrees and has settled), open (can still change), disputed (disagrees after being pulled again) or unverified (the source gave no statistics, or has never shown anything of the pipeline).';
