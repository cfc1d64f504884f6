-- Answers of the run log that cannot be read even for one second: a night notes them, passes, and the next ones try again.

create table runledger.set_aside_answers (
  pipeline_uuid uuid        not null,
  window_from   timestamptz not null,
  window_to     timestamptz not null,
  reason        text        not null,
  tries         integer     not null default 1,
  first_seen_at timestamptz not null,
  last_tried_at timestamptz not null,
  constraint set_aside_answers_pkey primary key (pipeline_uuid, window_from, window_to)
);

comment on table  runledger.set_aside_answers is 'Windows of the run log whose answer cannot be read or stored. Their days are disputed. Each sync tries again, and deletes the row once the answer is stored.';
comment on column runledger.set_aside_answers.pipeline_uuid is 'Pipeline whose log it is.';
comment on column runledger.set_aside_answers.window_from   is 'Start of the window that was asked for.';
comment on column runledger.set_aside_answers.window_to     is 'End of the window that was asked for.';
comment on column runledger.set_aside_answers.reason        is 'What was wrong with the answer, the last time.';
comment on column runledger.set_aside_answers.tries         is 'How often it was asked for in vain.';
comment on column runledger.set_aside_answers.first_seen_at is 'When it was set aside.';
comment on column runledger.set_aside_answers.last_tried_at is 'When it was last asked for.';
