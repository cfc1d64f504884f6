import type { PeriodStats } from "@runledger/ylem-client";
import { asHolder, type Held } from "../store/pipeline-leases.ts";
import type { PeriodRange } from "./periods.ts";
import type { Subject } from "./subject.ts";

/** The source's answer about one subject. */
export interface SubjectStats {
  subject: Subject;
  stats: PeriodStats[];
}

/**
 * Makes `period_stats` say what the source says of the range: figures that are as they were are not written again,
 * and a period that the source no longer has runs in is taken out. Days that changed make the longer periods that
 * hold them stale, in the same statement.
 */
export async function storePeriodStats(
  source: Held & { now: () => Date },
  { period, from, to }: PeriodRange,
  answers: readonly SubjectStats[],
): Promise<void> {
  const rows = answers.flatMap(({ subject, stats }) => stats.map((figures) => ({ subject, figures })));
  const values = [
    source.pipelineUuid,
    period,
    from,
    to,
    source.now(),
    answers.map(({ subject }) => subject.uuid),
    rows.map(({ subject }) => subject.kind),
    rows.map(({ subject }) => subject.uuid),
    rows.map(({ figures }) => figures.from),
    rows.map(({ figures }) => figures.to),
    rows.map(({ figures }) => figures.successes),
    rows.map(({ figures }) => figures.failures),
    rows.map(({ figures }) => figures.averageDurationMs),
  ];
  await asHolder(source, ({ client }) => client.query(STORE, values));
}

const STORE = `
  with
    answer as (
      select *,
             -- Figures that are none have no success: of all others the runs need not be looked at.
             case when subject_kind = 'task' or num_of_successes <> 0 then true else (
               select coalesce(sum(failed_task_count), 0) <= count(*) from runledger.runs r
               where r.pipeline_uuid = $1 and r.finished_at >= a.date_from and r.finished_at < a.date_to
             ) end as is_sound
      from unnest($7::text[], $8::uuid[], $9::timestamptz[], $10::timestamptz[], $11::bigint[], $12::bigint[],
                  $13::bigint[])
        as a (subject_kind, subject_uuid, date_from, date_to, num_of_successes, num_of_failures, average_duration_ms)
    ),
    gone as (
      delete from runledger.period_stats p
      where p.pipeline_uuid = $1 and p.period = $2 and p.date_from >= $3 and p.date_from < $4
        and p.subject_uuid = any($6::uuid[])
        and not exists (
          select from answer a
          where (a.subject_kind, a.subject_uuid, a.date_from) = (p.subject_kind, p.subject_uuid, p.date_from)
        )
      returning p.date_from, p.is_sound
    ),
    written as (
      insert into runledger.period_stats as p
        (pipeline_uuid, period, fetched_at, subject_kind, subject_uuid, date_from, date_to, num_of_successes,
         num_of_failures, average_duration_ms, is_sound)
      select $1, $2, $5, * from answer
      on conflict on constraint period_stats_pkey do update
        set date_to = excluded.date_to, num_of_successes = excluded.num_of_successes,
            num_of_failures = excluded.num_of_failures, average_duration_ms = excluded.average_duration_ms,
            is_sound = excluded.is_sound, fetched_at = excluded.fetched_at
        where (p.is_sound or excluded.is_sound)
          and (p.date_to, p.num_of_successes, p.num_of_failures, p.average_duration_ms, p.is_sound)
          is distinct from (excluded.date_to, excluded.num_of_successes, excluded.num_of_failures,
                            excluded.average_duration_ms, excluded.is_sound)
      returning p.date_from, p.is_sound, p.subject_kind, p.subject_uuid
    ),
    -- Figures that are none come, go and differ from night to night: that they are no longer sound is news, and no more.
    changed as (
      select min(date_from) as first
      from (
        select date_from from gone where is_sound
        union all
        select date_from from written w
        where is_sound or exists (
          select from runledger.period_stats before
          where (before.pipeline_uuid, before.period, before.subject_kind, before.subject_uuid, before.date_from)
            = ($1, $2, w.subject_kind, w.subject_uuid, w.date_from)
        )
      ) news
    )
  update runledger.pipelines
  set stats_stale_from = least(stats_stale_from, changed.first)
  from changed
  where pipeline_uuid = $1 and $2 = 'day' and changed.first is not null`;
