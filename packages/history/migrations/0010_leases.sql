-- Who is at work is said by rows with an expiry, not by locks of a database session: behind a pooler a session belongs to
-- nobody in particular, and everybody who may connect can take a lock whose number is known. Times are the database's.

create table runledger.processes (
  process_uuid uuid        not null,
  name         text        not null,
  machine      text        not null,
  pid          integer     not null,
  pid_started  text,
  started_at   timestamptz not null default now(),
  expires_at   timestamptz not null,
  constraint processes_pkey primary key (process_uuid)
);

comment on table  runledger.processes is 'Commands at work that hold something: pipelines, messages. Each renews its row while it lives, and deletes it at its end.';
comment on column runledger.processes.process_uuid is 'Random, new for each command.';
comment on column runledger.processes.name         is 'Command, pid and host, for people.';
comment on column runledger.processes.machine      is 'Where pid is to be looked up: one boot of one machine, and there one namespace of processes.';
comment on column runledger.processes.pid          is 'Process on its machine.';
comment on column runledger.processes.pid_started  is 'What tells it from a later process with the same pid; null where the system does not say.';
comment on column runledger.processes.started_at   is 'When it began.';
comment on column runledger.processes.expires_at   is 'From then on others may take over what it holds, unless it renews this first.';

-- pipeline_uuid is the whole key: on several nodes a pipeline's lease lies beside its rows and its watermark.
create table runledger.pipeline_leases (
  pipeline_uuid uuid        not null,
  process_uuid  uuid        not null,
  taken_at      timestamptz not null default now(),
  constraint pipeline_leases_pkey primary key (pipeline_uuid)
);

comment on table  runledger.pipeline_leases is 'Which process may write a pipeline''s history. Every transaction that writes locks and checks the row first, so that a process whose lease was taken over writes nothing more.';
comment on column runledger.pipeline_leases.pipeline_uuid is 'Pipeline.';
comment on column runledger.pipeline_leases.process_uuid  is 'Process of processes. Where there is none of that name, or it has expired, the lease is free.';
comment on column runledger.pipeline_leases.taken_at      is 'When it took the lease.';

alter table runledger.syncs add column process_uuid uuid;

comment on column runledger.syncs.process_uuid is 'Process of processes that ran the command.';
