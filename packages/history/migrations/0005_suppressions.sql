-- Who gets no mail, and for each claimed message who claimed it and whether it may have left: a sender that died before
-- that leaves a message that the next one may send.

create table runledger.suppressions (
  recipient     text        not null,
  agreement     text,
  reason        text,
  suppressed_at timestamptz not null default now()
);

-- Addresses are compared without regard to case; null is one agreement among the others here.
create unique index suppressions_recipient_agreement_key
  on runledger.suppressions (lower(recipient), agreement) nulls not distinct;

comment on table  runledger.suppressions is 'Who gets no report. Whoever writes a row here is obeyed at the next sending.';
comment on column runledger.suppressions.recipient     is 'E-mail address; upper and lower case are the same.';
comment on column runledger.suppressions.agreement     is 'Agreement whose reports are not sent to it; null for all.';
comment on column runledger.suppressions.reason        is 'Why, for example one-click or bounced.';
comment on column runledger.suppressions.suppressed_at is 'Since when.';

alter table runledger.deliveries
  add column claimed_by uuid,
  add column handed_over_at timestamptz,
  drop constraint deliveries_status_known,
  add constraint deliveries_status_known check (status in ('claimed', 'sent', 'failed', 'unknown', 'suppressed'));

update runledger.deliveries set handed_over_at = coalesce(sent_at, claimed_at) where status <> 'failed';

-- A claim that does not say is taken to have left: an older Runledger on another machine keeps no track of it.
alter table runledger.deliveries alter column handed_over_at set default now();

comment on column runledger.deliveries.status         is 'claimed (being sent), sent, failed (refused; may be sent again), unknown (handed over, not confirmed; never sent again by itself) or suppressed (not sent: see suppressions).';
comment on column runledger.deliveries.claimed_by     is 'The sender that claimed it, a random name; it holds an advisory lock of that name while it lives.';
comment on column runledger.deliveries.handed_over_at is 'When the last of the message was about to leave; null while it surely has not.';
