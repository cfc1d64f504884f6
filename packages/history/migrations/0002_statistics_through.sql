-- Statistics of weeks, months, quarters and years are asked for when the period closes: what has closed is told by
-- how far the last refresh looked. The watermark cannot tell, since it moves before the statistics are asked for.

alter table runledger.pipelines add column stats_through timestamptz;

comment on column runledger.pipelines.stats_through is 'Periods that closed up to this instant have their statistics in period_stats; null before the first sync ends.';
comment on column runledger.pipelines.stats_stale_from is 'From this instant on rows came in, or the source''s daily statistics changed, after the longer periods were last asked for; null when neither did.';
