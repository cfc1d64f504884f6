-- A machine whose clock is ahead would pass over time that has not been. A sync learns the source's time from its answers;
-- a report, which asks the source nothing, works it out from here.

alter table runledger.syncs add column source_ahead_ms bigint;

comment on column runledger.syncs.source_ahead_ms is 'Milliseconds by which the source''s clock was ahead of the database''s, negative when behind; null when the source told no time.';
