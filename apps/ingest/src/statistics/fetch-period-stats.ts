import type { PeriodStats, YlemClient } from "@runledger/ylem-client";
import { DAY_MS } from "../sync/windows/days.ts";
import type { Held } from "../store/pipeline-leases.ts";
import { periodCount, type PeriodRange } from "./periods.ts";
import { storePeriodStats, type SubjectStats } from "./store-period-stats.ts";
import { unlessRefused, type Subject } from "./subject.ts";

export interface StatisticsSource extends Held {
  client: YlemClient;
  signal: AbortSignal;
  now: () => Date;
}

/**
 * Asks the source for its statistics of whole calendar periods, one request per subject, and keeps them in
 * `period_stats`. Returns them in the order of the subjects; periods without runs are left out, and so are tasks that
 * the source refuses to speak of.
 */
export async function fetchPeriodStats(
  source: StatisticsSource,
  subjects: readonly Subject[],
  range: PeriodRange,
): Promise<SubjectStats[]> {
  const { client, signal } = source;
  const reach = await reachOf(source, range);
  const count = periodCount(range.period, reach.from, reach.to);
  const asked = await Promise.all(
    subjects.map(async (subject) => {
      const { kind, uuid } = subject;
      const stats = await unlessRefused(subject, () =>
        client.aggregatedStats(kind, uuid, reach.from, range.period, count, { signal }),
      );
      return stats && { subject, stats: stats.filter((period) => isIn(period, range)) };
    }),
  );
  const answers = asked.filter((answer) => answer !== null);
  await storePeriodStats(source, range, answers);
  return answers;
}

/**
 * The source sees only rows in the range it is asked for, less the last fraction of its last second, and puts a
 * run where the latest row lies that it sees. So that every run of the range counts whole, it is asked for a day
 * more at either end, and for all of the longest run.
 */
async function reachOf(
  { history, pipelineUuid }: StatisticsSource,
  { from, to }: PeriodRange,
): Promise<{ from: Date; to: Date }> {
  const { rows } = await history.pool.query<{ first: Date | null; last: Date | null }>(
    `select min(started_at) as first, max(finished_at) as last
     from runledger.runs where pipeline_uuid = $1 and finished_at >= $2 and started_at < $3`,
    [pipelineUuid, from, to],
  );
  const { first, last } = rows[0] ?? { first: null, last: null };
  return {
    from: new Date(Math.min(from.getTime() - DAY_MS, first?.getTime() ?? Infinity)),
    to: new Date(Math.max(to.getTime() + DAY_MS, last?.getTime() ?? -Infinity)),
  };
}

function isIn(period: PeriodStats, { from, to }: PeriodRange): boolean {
  return from <= period.from && period.to <= to;
}
