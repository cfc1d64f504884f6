-- A revision names a cause only where what it rests on differs from what the one before rested on. That takes in the
-- time-zone database, by which local times become instants, and the words that are printed beside the figures.

alter table runledger.reports
  add column time_zone_database text,
  drop constraint reports_causes_known,
  add constraint reports_causes_known check (causes <@ array['late_rows', 'exclusions', 'definition', 'coverage', 'time_zones', 'wording', 'software']);

comment on column runledger.reports.software_version   is 'Version of Runledger that made it; from a checkout with its commit, for example 0.1.0+1a2b3c4d5e6f.';
comment on column runledger.reports.time_zone_database is 'Version of the IANA time-zone database that it was made with, for example 2026a; null where it was not kept yet.';
comment on column runledger.reports.inputs is 'SHA-256 of what else the figures rest on: exclusions; by pipeline the week''s runs, those of the 13 weeks and the state of the data; what the time-zone database says of these weeks.';
comment on column runledger.reports.causes is 'Why it differs from the revision before, one or more of: late_rows (runs came in late or changed), exclusions (entered, changed or taken back after the fact), definition (restated on purpose), coverage (other days are proven, disputed or synced), time_zones (the time-zone database says otherwise of these weeks), wording (reasons, approvers or names), software (all of these are the same, and it figures otherwise); null for the first revision, empty where the one before did not keep what it rested on.';
