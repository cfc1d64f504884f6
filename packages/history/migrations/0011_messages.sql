-- Locks that anybody can take who may connect give way to rows that only those lock who may write them. And a notice is
-- claimed as a message is: by a process, so that the next one sends it where that has died before it could have left.

create table runledger.report_turns (
  agreement text        not null,
  week      text        not null,
  taken_at  timestamptz not null default now(),
  constraint report_turns_pkey primary key (agreement, week)
);

comment on table  runledger.report_turns is 'One row per week of an agreement: who numbers its report writes the row first, so that two at once take turns.';
comment on column runledger.report_turns.agreement is 'Agreement of runledger.yaml.';
comment on column runledger.report_turns.week      is 'ISO week of the report.';
comment on column runledger.report_turns.taken_at  is 'When a report of the week was last numbered.';

alter table runledger.notices
  add column attempts integer not null default 0,
  add column claimed_by uuid,
  add column handed_over_at timestamptz;

-- Of a notice that is claimed now nobody knows whether it has left.
update runledger.notices set handed_over_at = coalesce(sent_at, claimed_at) where status <> 'failed';

comment on column runledger.notices.status         is 'claimed (being sent), sent, failed (refused; the next run tries again) or unknown (handed over, not confirmed; never sent again).';
comment on column runledger.notices.attempts       is 'Times SMTP was spoken to.';
comment on column runledger.notices.claimed_by     is 'Process of processes that claimed it.';
comment on column runledger.notices.handed_over_at is 'When the last of the message was about to leave; null while it surely has not.';

comment on column runledger.deliveries.claimed_by is 'Process of processes that claimed it. One that has no row there, or has expired, holds nothing any more.';
