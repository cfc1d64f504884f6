import type { History } from "@runledger/history";
import type { Day, DayRange } from "../days.ts";
import type { Subject } from "../statistics/subject.ts";
import type { LogWindow } from "../windows.ts";
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

interface FiguresRow extends Figures {
  uuid: string;
}

const FIGURES = `subject_uuid as uuid, num_of_successes as successes, num_of_failures as failures,
  average_duration_ms as "averageDurationMs"`;
