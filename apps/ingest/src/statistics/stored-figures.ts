import type { History } from "@runledger/history";
import type { Day, DayRange } from "../sync/windows/days.ts";
import type { Subject } from "./subject.ts";
import type { LogWindow } from "../sync/windows/windows.ts";
import { NO_RUNS, type DailyFigures, type Figures } from "./figures.ts";

/** The figures of a pipeline and its tasks by day, worked out from the stored rows. */
export async function storedByDay(
  { pool }: History,
  pipelineUuid: string,
  { first, last }: DayRange,
): Promise<DailyFigures> {
  const { rows } = await pool.query<FiguresRow & { day: Day }>(
    `select ${FIGURES}, day from runledger.statistics_by_day($1, $2, $3)`,
    [pipelineUuid, first, last],
  );
  const bySubject = Map.groupBy(rows, (row) => row.uuid);
  return new Map(
    [...bySubject].map(([uuid, ofSubject]) => [uuid, new Map(ofSubject.map((row) => [row.day, row]))]),
  );
}

/** A subject's figures of a window, and how many rows of the whole pipeline are stored in it. */
export async function storedInWindow(
  { pool }: History,
  pipelineUuid: string,
  subject: Subject,
  { from, to }: LogWindow,
): Promise<{ figures: Figures; storedRows: number }> {
  const { rows } = await pool.query<FiguresRow & { rows: number }>(
    `select ${FIGURES}, task_runs as rows from runledger.statistics_of_window($1, $2, $3)`,
    [pipelineUuid, from, to],
  );
  return {
    figures: rows.find((row) => row.uuid === subject.uuid) ?? NO_RUNS,
    storedRows: rows.find((row) => row.uuid === pipelineUuid)?.rows ?? 0,
  };
}

/**
 * Whether the last run that is stored up to an instant is the one that the source names: it ended in the same second and
 * took as long in all. The source adds up the run's rows up to the instant; those that follow may be in its sum, too.
 */
export async function hasLastRun(
  { pool }: History,
  pipelineUuid: string,
  until: Date,
  { at, durationMs }: { at: Date | null; durationMs: number | null },
): Promise<boolean> {
  const { rows } = await pool.query(
    `with
       newest as (
         select max(executed_at) as at from runledger.task_runs where pipeline_uuid = $1 and executed_at <= $2
       ),
       last_runs as (
         select t.run_uuid, newest.at
         from runledger.task_runs t, newest where t.pipeline_uuid = $1 and t.executed_at = newest.at
         group by t.run_uuid, newest.at
       )
     select from last_runs l
     join runledger.task_runs t on t.pipeline_uuid = $1 and t.run_uuid = l.run_uuid
     where date_trunc('second', l.at) = $3
     group by l.run_uuid
     having $4::bigint in (sum(t.duration_ms), sum(t.duration_ms) filter (where t.executed_at <= $2))`,
    [pipelineUuid, until, at, durationMs],
  );
  return rows.length > 0;
}

/** A pipeline's rows of a window, in order: those of a run that the same second ends are one. */
export async function secondsOf(
  { pool }: History,
  pipelineUuid: string,
  { from, to }: LogWindow,
): Promise<RowsOfASecond[]> {
  const { rows } = await pool.query<RowsOfASecond>(
    `select ceil(extract(epoch from executed_at))::float8 as second, run_uuid as run,
            count(*) filter (where not is_successful)::int as failures
     from runledger.task_runs where pipeline_uuid = $1 and executed_at between $2 and $3
     group by 1, 2 order by 1, 2`,
    [pipelineUuid, from, to],
  );
  return rows;
}

/** Rows of one run. */
export interface RowsOfASecond {
  /** The first whole second, since 1970, that is not before them. */
  second: number;
  run: string;
  failures: number;
}

interface FiguresRow extends Figures {
  uuid: string;
}

const FIGURES = `subject_uuid as uuid, num_of_successes as successes, num_of_failures as failures,
  average_duration_ms as "averageDurationMs"`;
