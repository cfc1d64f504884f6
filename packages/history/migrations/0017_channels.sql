-- A report may leave by more than one channel: each has its own messages. All so far were mails.

alter table runledger.deliveries
  add column channel text not null default 'email',
  add constraint deliveries_channel_known check (channel in ('email')),
  drop constraint deliveries_pkey,
  add constraint deliveries_pkey primary key (agreement, week, revision, channel, recipient_key);

comment on column runledger.deliveries.channel is 'What the report leaves by: email.';
