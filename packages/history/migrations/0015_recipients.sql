-- A recipient is one recipient however it is spelled. Addresses are kept with their domain in ASCII, so that lower case
-- makes spellings equal; collation C, for a Turkish one has another lower case for I.

-- Of rows that a spelling alone told apart, the one that says most of what may have arrived stays, with the tries of all.
update runledger.deliveries kept
set attempts = alike.attempts
from (select agreement, week, revision, lower(recipient collate "C") as recipient_key, sum(attempts)::int as attempts
      from runledger.deliveries group by 1, 2, 3, 4 having count(*) > 1) alike
where (kept.agreement, kept.week, kept.revision, lower(kept.recipient collate "C"))
    = (alike.agreement, alike.week, alike.revision, alike.recipient_key);

delete from runledger.deliveries
where ctid = any (array(
  select ctid from (
    select ctid, row_number() over (
      partition by agreement, week, revision, lower(recipient collate "C")
      order by array_position(array['sent', 'unknown', 'claimed', 'suppressed', 'failed'], status),
               handed_over_at nulls last, recipient) as place
    from runledger.deliveries) ranked
  where place > 1));

delete from runledger.notices
where ctid = any (array(
  select ctid from (
    select ctid, row_number() over (
      partition by agreement, week, trouble, lower(recipient collate "C")
      order by array_position(array['sent', 'unknown', 'claimed', 'failed'], status),
               handed_over_at nulls last, recipient) as place
    from runledger.notices) ranked
  where place > 1));

alter table runledger.deliveries
  add column recipient_key text not null generated always as (lower(recipient collate "C")) stored,
  drop constraint deliveries_pkey,
  add constraint deliveries_pkey primary key (agreement, week, revision, recipient_key);

alter table runledger.notices
  add column recipient_key text not null generated always as (lower(recipient collate "C")) stored,
  drop constraint notices_pkey,
  add constraint notices_pkey primary key (agreement, week, trouble, recipient_key);

comment on column runledger.deliveries.recipient     is 'E-mail address as configured, its domain in ASCII (IDNA).';
comment on column runledger.deliveries.recipient_key is 'The same for every spelling of the address: in lower case.';
comment on column runledger.notices.recipient        is 'E-mail address as configured, its domain in ASCII (IDNA).';
comment on column runledger.notices.recipient_key    is 'The same for every spelling of the address: in lower case.';
comment on column runledger.suppressions.recipient   is 'E-mail address; upper and lower case are the same, and a domain may be written in ASCII (IDNA) or not.';
comment on column runledger.deliveries.attempts      is 'Times the message was tried, the try that goes on included.';
comment on column runledger.deliveries.last_error    is 'Why the last try that failed did, while it is not sent.';
