-- A promise that is changed applies from a week that has not begun; what was promised before is kept, so that the weeks
-- before can be printed again. A report keeps what it rests on, so that its next revision can say why it differs, and
-- what is printed around its figures.

create table runledger.definitions (
  agreement       text        not null,
  number          integer     not null,
  applies_from    text,
  definition_hash text        not null,
  definition      jsonb       not null,
  recorded_at     timestamptz not null,
  constraint definitions_pkey primary key (agreement, number)
);

comment on table  runledger.definitions is 'What an agreement has promised over time. For a week the newest row that applies to it counts.';
comment on column runledger.definitions.agreement       is 'Agreement of runledger.yaml.';
comment on column runledger.definitions.number          is '1, 2, 3, … in the order in which they were seen.';
comment on column runledger.definitions.applies_from    is 'First ISO week it applies to, for example 2026-W12; null for the first, which applies to all weeks.';
comment on column runledger.definitions.definition_hash is 'SHA-256 of the definition, the same as in reports.';
comment on column runledger.definitions.definition      is 'Zone, first day in force, workdays, rules of holidays, objectives; exclusions are no part of it.';
comment on column runledger.definitions.recorded_at     is 'When a command first saw it; for a report its as-of.';

alter table runledger.reports
  add column inputs  jsonb,
  add column causes  text[],
  add column printed jsonb,
  add constraint reports_causes_known check (causes <@ array['late_rows', 'exclusions', 'definition', 'coverage', 'software']);

comment on column runledger.reports.definition_hash is 'SHA-256 of the definition that applied to the week, without exclusions.';
comment on column runledger.reports.inputs  is 'SHA-256 of what else the figures rest on: excluded times; by pipeline the week''s runs, the weeks before it and the state of the data.';
comment on column runledger.reports.causes  is 'Why it differs from the revision before, one or more of: late_rows (runs came in late or changed), exclusions (changed after the fact), definition (restated on purpose), coverage (other days are proven, disputed or synced), software (it figures otherwise); null for the first revision.';
comment on column runledger.reports.printed is 'What was printed around the figures: titles, names, reasons, excluded times.';

alter table runledger.incidents add column last_week text;

comment on column runledger.incidents.last_week is 'Latest week whose report has the incident; reports of earlier weeks do not know how it went on.';
