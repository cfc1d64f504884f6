-- That a week has no report is said once, however often and from however many machines it is tried: a notice is claimed
-- before SMTP is spoken to, as a delivery is.

create table runledger.notices (
  agreement  text        not null,
  week       text        not null,
  trouble    text        not null,
  recipient  text        not null,
  status     text        not null,
  last_error text,
  claimed_at timestamptz not null default now(),
  sent_at    timestamptz,
  constraint notices_pkey primary key (agreement, week, trouble, recipient),
  constraint notices_trouble_known check (trouble in ('not_covered', 'failed', 'configuration')),
  constraint notices_status_known check (status in ('claimed', 'sent', 'failed', 'unknown'))
);

comment on table  runledger.notices is 'One row per notice to failures_to that a week has no report yet. Of an unreachable database the notices are noted in files, below --out.';
comment on column runledger.notices.agreement  is 'Agreement of runledger.yaml.';
comment on column runledger.notices.week       is 'ISO week without a report.';
comment on column runledger.notices.trouble    is 'not_covered (data is missing), failed (making or sending it failed) or configuration (runledger.yaml is not valid).';
comment on column runledger.notices.recipient  is 'E-mail address.';
comment on column runledger.notices.status     is 'claimed (being sent, or its sender died), sent, failed (refused; the next run tries again) or unknown (handed over, not confirmed).';
comment on column runledger.notices.last_error is 'The server''s last refusal.';
comment on column runledger.notices.claimed_at is 'When the row was last claimed.';
comment on column runledger.notices.sent_at    is 'When the server accepted it.';
