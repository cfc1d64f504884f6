-- The run history: what Ylem did, as pulled from its API, and what is known of its completeness.
--
-- pipeline_uuid leads every primary key of a table that grows with runs, so that the tables can be
-- distributed by it. All times are timestamptz (microseconds), all durations are milliseconds.

create table runledger.pipelines (
  pipeline_uuid    uuid        not null,
  name             text        not null,
  owner            text,
  tags             text[]      not null default '{}',
  first_run_at     timestamptz,
  last_run_at      timestamptz,
  synced_through   timestamptz,
  stats_stale_from timestamptz,
  constraint pipelines_pkey primary key (pipeline_uuid)
);

comment on table  runledger.pipelines is 'Pipelines of the configuration and how far their history is synced.';
comment on column runledger.pipelines.pipeline_uuid  is 'Ylem''s identifier of the pipeline.';
comment on column runledger.pipelines.name           is 'Name from runledger.yaml.';
comment on column runledger.pipelines.owner          is 'Owner from runledger.yaml.';
comment on column runledger.pipelines.tags           is 'Tags from runledger.yaml.';
comment on column runledger.pipelines.first_run_at   is 'Start of the earliest stored run.';
comment on column runledger.pipelines.last_run_at    is 'Finish of the latest stored run.';
comment on column runledger.pipelines.synced_through is 'The watermark: run logs up to this instant have been pulled. Set in the transaction that stores the rows.';
comment on column runledger.pipelines.stats_stale_from is 'Rows from this instant on came in after the source''s statistics were last asked for; null when none did.';

create table runledger.tasks (
  pipeline_uuid uuid        not null,
  task_uuid     uuid        not null,
  name          text,
  task_type     text,
  first_seen_at timestamptz,
  last_seen_at  timestamptz,
  constraint tasks_pkey primary key (pipeline_uuid, task_uuid)
);

comment on table  runledger.tasks is 'Tasks named in the configuration or seen in a run log.';
comment on column runledger.tasks.pipeline_uuid is 'Pipeline the task belongs to.';
comment on column runledger.tasks.task_uuid     is 'Ylem''s identifier of the task.';
comment on column runledger.tasks.name          is 'Name from runledger.yaml; null for a task that was discovered.';
comment on column runledger.tasks.task_type     is 'Ylem''s task type as last seen, for example query.';
comment on column runledger.tasks.first_seen_at is 'executed_at of its earliest stored task run.';
comment on column runledger.tasks.last_seen_at  is 'executed_at of its latest stored task run.';

-- Columns from wide and fixed to narrow and variable: no padding between them.
create table runledger.task_runs (
  pipeline_uuid uuid             not null,
  run_uuid      uuid             not null,
  task_uuid     uuid             not null,
  executed_at   timestamptz      not null,
  duration_ms   bigint           not null,
  metric_value  double precision,
  -- A for_each task can emit any number of rows at one time: more than a smallint holds.
  ordinal       integer          not null,
  is_successful boolean          not null,
  task_type     text             not null,
  output_state  text             not null,
  output        bytea,
  error_message text,
  -- Time before run: rows arrive in the order of time, so the index grows at its right end, and the rows
  -- of a day are one range of it.
  constraint task_runs_pkey primary key (pipeline_uuid, executed_at, run_uuid, task_uuid, ordinal),
  constraint task_runs_output_state_known check (output_state in ('empty', 'plain', 'decrypted', 'opaque', 'dropped'))
);

-- "Show me the tasks of this run" starts from a run_uuid alone.
create index task_runs_run_uuid_idx on runledger.task_runs (run_uuid);

comment on table  runledger.task_runs is 'One row per task run of the run log; the source''s rows, none lost, none doubled.';
comment on column runledger.task_runs.pipeline_uuid is 'Pipeline of the run.';
comment on column runledger.task_runs.run_uuid      is 'Pipeline run the task run belongs to.';
comment on column runledger.task_runs.task_uuid     is 'Task that ran.';
comment on column runledger.task_runs.executed_at   is 'When the task ended; it started duration_ms earlier.';
comment on column runledger.task_runs.ordinal       is '0, 1, 2, … among rows alike in pipeline, run, task and time, as for_each tasks emit them.';
comment on column runledger.task_runs.task_type     is 'Ylem''s task type, for example query.';
comment on column runledger.task_runs.is_successful is 'Whether the task succeeded.';
comment on column runledger.task_runs.duration_ms   is 'Duration in milliseconds.';
comment on column runledger.task_runs.metric_value  is 'Metric the task reported, if any.';
comment on column runledger.task_runs.output        is 'Output bytes, decoded from base64; null when empty or dropped.';
comment on column runledger.task_runs.output_state  is 'empty, plain (readable text), decrypted, opaque (bytes that no key opened) or dropped (not kept by the configuration).';
comment on column runledger.task_runs.error_message is 'First message in a failed task''s output.';

create table runledger.runs (
  pipeline_uuid          uuid             not null,
  run_uuid               uuid             not null,
  started_at             timestamptz      not null,
  finished_at            timestamptz      not null,
  -- Whole microseconds in milliseconds; a double holds them exactly enough that no fraction ever reads as whole.
  elapsed_ms             double precision not null,
  task_duration_ms       bigint           not null,
  first_failed_task_uuid uuid,
  task_count             integer          not null,
  failed_task_count      integer          not null,
  is_successful          boolean          not null,
  error_message          text,
  constraint runs_pkey primary key (pipeline_uuid, run_uuid),
  constraint runs_ends_after_it_starts check (finished_at >= started_at)
);

-- Reports read the runs of one pipeline that finished in a week.
create index runs_finished_at_idx on runledger.runs (pipeline_uuid, finished_at);

comment on table  runledger.runs is 'One row per pipeline run, derived from its task runs in the transaction that stores them.';
comment on column runledger.runs.pipeline_uuid          is 'Pipeline that ran.';
comment on column runledger.runs.run_uuid               is 'Ylem''s identifier of the run.';
comment on column runledger.runs.started_at             is 'Earliest start of its task runs: min(executed_at - duration).';
comment on column runledger.runs.finished_at            is 'Latest end of its task runs: max(executed_at).';
comment on column runledger.runs.elapsed_ms             is 'finished_at - started_at in milliseconds.';
comment on column runledger.runs.task_duration_ms       is 'Sum of the task durations in milliseconds, Ylem''s own figure.';
comment on column runledger.runs.task_count             is 'Number of task runs.';
comment on column runledger.runs.failed_task_count      is 'Number of failed task runs.';
comment on column runledger.runs.is_successful          is 'True when no task run failed.';
comment on column runledger.runs.first_failed_task_uuid is 'Task of the earliest failed task run.';
comment on column runledger.runs.error_message          is 'Error message of the earliest failed task run.';

create table runledger.period_stats (
  pipeline_uuid       uuid        not null,
  subject_kind        text        not null,
  subject_uuid        uuid        not null,
  period              text        not null,
  date_from           timestamptz not null,
  date_to             timestamptz not null,
  num_of_successes    bigint      not null,
  num_of_failures     bigint      not null,
  average_duration_ms bigint      not null,
  fetched_at          timestamptz not null,
  constraint period_stats_pkey primary key (pipeline_uuid, subject_kind, subject_uuid, period, date_from),
  constraint period_stats_subject_kind_known check (subject_kind in ('pipeline', 'task')),
  constraint period_stats_period_known check (period in ('day', 'week', 'month', 'quarter', 'year'))
);

comment on table  runledger.period_stats is 'The source''s own aggregated statistics by calendar period (UTC). Periods without runs have no row.';
comment on column runledger.period_stats.pipeline_uuid       is 'Pipeline, or the task''s pipeline.';
comment on column runledger.period_stats.subject_kind        is 'pipeline or task.';
comment on column runledger.period_stats.subject_uuid        is 'The pipeline or task the figures are of.';
comment on column runledger.period_stats.period              is 'day, week (from Monday), month, quarter or year.';
comment on column runledger.period_stats.date_from           is 'First instant of the period.';
comment on column runledger.period_stats.date_to             is 'First instant after the period.';
comment on column runledger.period_stats.num_of_successes    is 'As the source counts: for a pipeline distinct runs minus failed task runs, for a task successful task runs.';
comment on column runledger.period_stats.num_of_failures     is 'Failed task runs.';
comment on column runledger.period_stats.average_duration_ms is 'For a pipeline the mean over runs of summed task durations, for a task the mean duration; truncated.';
comment on column runledger.period_stats.fetched_at          is 'When the source first gave these figures; asked again, it gave the same.';

create table runledger.stat_snapshots (
  pipeline_uuid          uuid        not null,
  subject_kind           text        not null,
  subject_uuid           uuid        not null,
  window_from            timestamptz not null,
  window_to              timestamptz not null,
  num_of_successes       bigint      not null,
  num_of_failures        bigint      not null,
  average_duration_ms    bigint      not null,
  is_last_run_successful boolean,
  last_run_executed_at   timestamptz,
  last_run_duration_ms   bigint,
  fetched_at             timestamptz not null,
  constraint stat_snapshots_pkey primary key (pipeline_uuid, subject_kind, subject_uuid, window_from, window_to),
  constraint stat_snapshots_subject_kind_known check (subject_kind in ('pipeline', 'task'))
);

comment on table  runledger.stat_snapshots is 'The source''s consolidated and last-run statistics, as asked for at each sync.';
comment on column runledger.stat_snapshots.pipeline_uuid          is 'Pipeline, or the task''s pipeline.';
comment on column runledger.stat_snapshots.subject_kind           is 'pipeline or task.';
comment on column runledger.stat_snapshots.subject_uuid           is 'The pipeline or task the figures are of.';
comment on column runledger.stat_snapshots.window_from            is 'Start of the window that was asked for.';
comment on column runledger.stat_snapshots.window_to              is 'End of the window that was asked for.';
comment on column runledger.stat_snapshots.num_of_successes       is 'Successes in the window, as the source counts.';
comment on column runledger.stat_snapshots.num_of_failures        is 'Failures in the window, as the source counts.';
comment on column runledger.stat_snapshots.average_duration_ms    is 'Average duration in the window, as the source counts.';
comment on column runledger.stat_snapshots.is_last_run_successful is 'Whether the last run ever succeeded; null when there is none.';
comment on column runledger.stat_snapshots.last_run_executed_at   is 'When the last run ever ended; null when there is none.';
comment on column runledger.stat_snapshots.last_run_duration_ms   is 'Duration of the last run ever; null when there is none.';
comment on column runledger.stat_snapshots.fetched_at             is 'When the source gave these figures.';

create table runledger.coverage (
  pipeline_uuid    uuid        not null,
  day              date        not null,
  state            text        not null,
  stored_runs      bigint,
  source_runs      bigint,
  stored_failures  bigint,
  source_failures  bigint,
  stored_task_runs bigint,
  source_task_runs bigint,
  checked_at       timestamptz not null,
  constraint coverage_pkey primary key (pipeline_uuid, day),
  constraint coverage_state_known check (state in ('proven', 'open', 'disputed', 'unverified'))
);

comment on table  runledger.coverage is 'The ledger of what is known to be complete: stored figures of a day beside the source''s own.';
comment on column runledger.coverage.pipeline_uuid    is 'Pipeline.';
comment on column runledger.coverage.day              is 'Day in UTC.';
comment on column runledger.coverage.state            is 'proven (agrees and has settled), open (can still change), disputed (disagrees after being pulled again) or unverified (the source gave no statistics).';
comment on column runledger.coverage.stored_runs      is 'Runs of the day in the history; a run counts on the day of its latest task run.';
comment on column runledger.coverage.source_runs      is 'Runs of the day by the source''s statistics.';
comment on column runledger.coverage.stored_failures  is 'Failed task runs of the day''s runs in the history.';
comment on column runledger.coverage.source_failures  is 'Failures of the day by the source''s statistics.';
comment on column runledger.coverage.stored_task_runs is 'Task runs of the day in the history.';
comment on column runledger.coverage.source_task_runs is 'Task runs of the day by the source''s task statistics.';
comment on column runledger.coverage.checked_at       is 'When the two were last compared.';

create table runledger.quarantined_rows (
  pipeline_uuid uuid        not null,
  -- A row that did not parse has no identity of its own: its content is its identity.
  row_sha256    bytea       not null,
  reason        text        not null,
  row           jsonb       not null,
  seen_at       timestamptz not null,
  constraint quarantined_rows_pkey primary key (pipeline_uuid, row_sha256)
);

comment on table  runledger.quarantined_rows is 'Rows of the run log that could not be read, each once, with the reason.';
comment on column runledger.quarantined_rows.pipeline_uuid is 'Pipeline whose log held the row.';
comment on column runledger.quarantined_rows.row_sha256    is 'SHA-256 of the row as received.';
comment on column runledger.quarantined_rows.reason        is 'What was wrong with it.';
comment on column runledger.quarantined_rows.row           is 'The row as received.';
comment on column runledger.quarantined_rows.seen_at       is 'When it was first seen.';

create table runledger.syncs (
  sync_id       bigint      not null generated always as identity,
  command       text        not null,
  started_at    timestamptz not null,
  finished_at   timestamptz,
  outcome       text        not null default 'running',
  requests      bigint      not null default 0,
  rows_fetched  bigint      not null default 0,
  rows_new      bigint      not null default 0,
  days_verified bigint      not null default 0,
  days_repaired bigint      not null default 0,
  error         text,
  constraint syncs_pkey primary key (sync_id),
  constraint syncs_outcome_known check (outcome in ('running', 'done', 'partial', 'failed', 'interrupted'))
);

comment on table  runledger.syncs is 'One row per ingest command that pulled from the source.';
comment on column runledger.syncs.sync_id       is 'Number of the sync.';
comment on column runledger.syncs.command       is 'sync, backfill or verify.';
comment on column runledger.syncs.started_at    is 'When it started.';
comment on column runledger.syncs.finished_at   is 'When it ended; null while it runs, or when it was killed.';
comment on column runledger.syncs.outcome       is 'running, done, partial (some pipelines failed), failed or interrupted.';
comment on column runledger.syncs.requests      is 'HTTP requests made, repeats included.';
comment on column runledger.syncs.rows_fetched  is 'Rows of run logs received.';
comment on column runledger.syncs.rows_new      is 'Of these, rows that were not stored before.';
comment on column runledger.syncs.days_verified is 'Days whose stored figures were compared with the source''s.';
comment on column runledger.syncs.days_repaired is 'Days that disagreed and agree after being pulled again.';
comment on column runledger.syncs.error         is 'What went wrong, per pipeline.';

create table runledger.sla_results (
  agreement     text             not null,
  week          text             not null,
  revision      integer          not null,
  objective     text             not null,
  pipeline_uuid uuid             not null,
  kind          text             not null,
  target        numeric          not null,
  good          numeric          not null,
  total         numeric          not null,
  excluded      numeric          not null,
  attained      double precision,
  attained_raw  double precision,
  allowed_bad   numeric          not null,
  budget_left   double precision,
  burn_rate     double precision,
  attained_4w   double precision,
  verdict       text             not null,
  reason        text             not null,
  constraint sla_results_pkey primary key (agreement, week, revision, objective),
  constraint sla_results_kind_known check (kind in ('success', 'duration', 'deadline', 'freshness', 'volume')),
  constraint sla_results_verdict_known check (verdict in ('met', 'at_risk', 'missed', 'insufficient_data', 'not_in_force'))
);

comment on table  runledger.sla_results is 'One row per objective, week and revision: the figures as printed in workbook and mail.';
comment on column runledger.sla_results.agreement     is 'Agreement of runledger.yaml.';
comment on column runledger.sla_results.week          is 'ISO week in the agreement''s zone, for example 2026-W12.';
comment on column runledger.sla_results.revision      is '1 for the first report of the week; one more each time printed figures changed; 0 while the week is not closed.';
comment on column runledger.sla_results.objective     is 'Objective of the agreement.';
comment on column runledger.sla_results.pipeline_uuid is 'Pipeline the objective is about.';
comment on column runledger.sla_results.kind          is 'success, duration, deadline, freshness or volume.';
comment on column runledger.sla_results.target        is 'Share that has to be reached, as a fraction of one.';
comment on column runledger.sla_results.good          is 'Good events; seconds for freshness.';
comment on column runledger.sla_results.total         is 'Events that count; seconds for freshness.';
comment on column runledger.sla_results.excluded      is 'Events that exclusions took out.';
comment on column runledger.sla_results.attained      is 'good / total; null when total is 0.';
comment on column runledger.sla_results.attained_raw  is 'The same with no exclusions.';
comment on column runledger.sla_results.allowed_bad   is 'floor(total * (1 - target)).';
comment on column runledger.sla_results.budget_left   is '1 - burn_rate; negative when overspent; null at a target of 100 % or without events.';
comment on column runledger.sla_results.burn_rate     is '(1 - attained) / (1 - target); null at a target of 100 % or without events.';
comment on column runledger.sla_results.attained_4w   is 'Good over total, both pooled over this week and the three before it.';
comment on column runledger.sla_results.verdict       is 'met, at_risk, missed, insufficient_data or not_in_force.';
comment on column runledger.sla_results.reason        is 'Why, in one line.';

create table runledger.incidents (
  pipeline_uuid          uuid        not null,
  agreement              text        not null,
  objective              text        not null,
  opened_at              timestamptz not null,
  closed_at              timestamptz,
  bad_events             bigint      not null,
  first_failed_task_uuid uuid,
  error_message          text,
  constraint incidents_pkey primary key (pipeline_uuid, agreement, objective, opened_at)
);

comment on table  runledger.incidents is 'Maximal sequences of bad events of an objective with no good one between.';
comment on column runledger.incidents.pipeline_uuid          is 'Pipeline the objective is about.';
comment on column runledger.incidents.agreement              is 'Agreement of runledger.yaml.';
comment on column runledger.incidents.objective              is 'Objective of the agreement.';
comment on column runledger.incidents.opened_at              is 'First bad event.';
comment on column runledger.incidents.closed_at              is 'Next good event; null while there is none.';
comment on column runledger.incidents.bad_events             is 'Number of bad events.';
comment on column runledger.incidents.first_failed_task_uuid is 'Task that failed first in the first bad run that has one.';
comment on column runledger.incidents.error_message          is 'Its error message.';

create table runledger.deliveries (
  agreement  text        not null,
  week       text        not null,
  revision   integer     not null,
  recipient  text        not null,
  status     text        not null,
  attempts   integer     not null default 0,
  message_id text        not null,
  last_error text,
  claimed_at timestamptz not null default now(),
  sent_at    timestamptz,
  constraint deliveries_pkey primary key (agreement, week, revision, recipient),
  constraint deliveries_status_known check (status in ('claimed', 'sent', 'failed', 'unknown'))
);

comment on table  runledger.deliveries is 'One row per message: claimed before SMTP is spoken to, so that no recipient gets a revision twice.';
comment on column runledger.deliveries.agreement  is 'Agreement of runledger.yaml.';
comment on column runledger.deliveries.week       is 'ISO week of the report.';
comment on column runledger.deliveries.revision   is 'Revision of the report.';
comment on column runledger.deliveries.recipient  is 'E-mail address.';
comment on column runledger.deliveries.status     is 'claimed (being sent), sent, failed (refused; may be sent again) or unknown (handed over, not confirmed; never sent again by itself).';
comment on column runledger.deliveries.attempts   is 'Times SMTP was spoken to.';
comment on column runledger.deliveries.message_id is 'Message-ID, the same at every attempt.';
comment on column runledger.deliveries.last_error is 'The server''s last refusal.';
comment on column runledger.deliveries.claimed_at is 'When the row was claimed.';
comment on column runledger.deliveries.sent_at    is 'When the server accepted the message.';

create table runledger.reports (
  agreement        text        not null,
  week             text        not null,
  revision         integer     not null,
  as_of            timestamptz not null,
  data_through     timestamptz,
  definition_hash  text        not null,
  content_hash     text        not null,
  software_version text        not null,
  notes            text[]      not null,
  constraint reports_pkey primary key (agreement, week, revision)
);

comment on table  runledger.reports is 'One row per report of a closed week: what makes a later printing of it the same, byte for byte.';
comment on column runledger.reports.agreement        is 'Agreement of runledger.yaml.';
comment on column runledger.reports.week             is 'ISO week of the report.';
comment on column runledger.reports.revision         is '1, 2, 3, …';
comment on column runledger.reports.as_of            is 'The instant that played now when it was made.';
comment on column runledger.reports.data_through     is 'Up to when all its pipelines were synced then.';
comment on column runledger.reports.definition_hash  is 'SHA-256 of the agreement''s definition then.';
comment on column runledger.reports.content_hash     is 'SHA-256 of the printed figures, incidents and runs.';
comment on column runledger.reports.software_version is 'Runledger that made it.';
comment on column runledger.reports.notes            is 'What it says of the data: quarantined rows, disputed days, holes.';
