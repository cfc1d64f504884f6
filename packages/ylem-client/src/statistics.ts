import { type Call, type SubjectKind, statsPath } from "./call.ts";
import { ConfigurationError } from "./errors.ts";
import {
  type Json,
  ShapeError,
  toArray,
  toBoolean,
  toInteger,
  toNatural,
  toObject,
  toText,
} from "./fields.ts";
import { isZeroTime, toDate, toServerTime } from "./micro-instant-text.ts";
import { type Window, windowPath } from "./window.ts";

/**
 * Counts over a window. For a pipeline, failures are failed task runs and successes are the runs less these,
 * so a run in which two tasks failed counts −1 and 2: only their sum, the number of runs, can be trusted. A server that
 * cannot read a negative number gives 0 successes instead, and nothing of such figures can be trusted, which only
 * its task runs tell. For a task both count its task runs.
 */
export interface RunStats {
  /** Can be negative for a pipeline. */
  successes: number;
  failures: number;
  /** For a pipeline the mean over its runs of the sum of their tasks' durations. */
  averageDurationMs: number;
  /** The last run before the window's end, not only in the window; null when there never was one. */
  isLastRunSuccessful: boolean | null;
  lastRunExecutedAt: Date | null;
  lastRunDurationMs: number | null;
}

export type Period = "day" | "week" | "month" | "quarter" | "year";

/** Counts of one calendar period `[from, to)`, in UTC; they mean what they mean in RunStats. */
export interface PeriodStats {
  /** Weeks start on Monday. The first period can start before the date that was asked for. */
  from: Date;
  /** The start of the next period, although the server names the last second of this one. */
  to: Date;
  successes: number;
  failures: number;
  averageDurationMs: number;
}

export interface LastRun {
  /** Of a pipeline: the success of the newest task run. */
  isSuccessful: boolean;
  executedAt: Date;
  /** Of a pipeline: the sum over the run's tasks. */
  durationMs: number;
}

/** How the first date of aggregated statistics is written: the server's own way, or the reference's. */
export type DateForm = "date and time" | "date";

export function statsCall(kind: SubjectKind, uuid: string, window: Window): Call<RunStats> {
  return {
    method: "GET",
    path: `${statsPath(kind, uuid)}/stats/${windowPath(window)}`,
    scope: "stats:read",
    isRepeatable: true,
    read: toRunStats,
  };
}

export function aggregatedStatsCall(
  kind: SubjectKind,
  uuid: string,
  from: Date,
  period: Period,
  count: number,
  form: DateForm,
): Call<PeriodStats[]> {
  if (Number.isNaN(from.getTime())) {
    throw new ConfigurationError("Aggregated statistics need a valid first date");
  }
  if (!Object.hasOwn(LENGTHS, period)) throw new ConfigurationError(`"${period}" is not a period`);
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new ConfigurationError(`The number of periods is a whole number from 1 up, not ${count}`);
  }
  const day = toServerTime(from).slice(0, 10);
  const start = form === "date" ? day : `${day} 00:00:00`;
  return {
    method: "GET",
    path: `${statsPath(kind, uuid)}/aggregated-stats/${start}/${period}/${count}`,
    scope: "stats:read",
    isRepeatable: true,
    read: (json) => toPeriods(json, period),
  };
}

export function lastRunCall(kind: SubjectKind, uuid: string): Call<LastRun | null> {
  return {
    method: "GET",
    path: `${statsPath(kind, uuid)}/last-run/stats`,
    scope: "stats:read",
    isRepeatable: true,
    read: toLastRun,
  };
}

function toRunStats(json: unknown): RunStats {
  if (json === null) return { ...NO_COUNTS, ...NEVER };
  const stats = toObject(json, "the statistics");
  const executedAt = toTime(stats["last_run_executed_at"], "last_run_executed_at");
  if (executedAt === null) return { ...toCounts(stats), ...NEVER };
  return {
    ...toCounts(stats),
    isLastRunSuccessful: toBoolean(stats["is_last_run_successful"], "is_last_run_successful"),
    lastRunExecutedAt: executedAt,
    lastRunDurationMs: toNatural(stats["last_run_duration"], "last_run_duration"),
  };
}

/** Unlike a log, counts prove how much there is, so an empty body is not taken for "nothing"; null is. */
function toPeriods(json: unknown, period: Period): PeriodStats[] {
  if (json === null) return [];
  const periods = toArray(json, "the list of periods")
    .map((row) => toPeriod(toObject(row, "the period"), period))
    .filter((row) => row !== null)
    // Of two rows of one period, the one with more successes comes first.
    .toSorted((a, b) => a.from.getTime() - b.from.getTime() || b.successes - a.successes);
  return periods.filter((row, index) => row.from.getTime() !== periods[index - 1]?.from.getTime());
}

/**
 * Null for a row whose dates the server did not read. At a negative number of successes it breaks off: they are 0 then,
 * and what else the row says, its dates perhaps among it, is of the row before.
 */
function toPeriod(row: Json, period: Period): PeriodStats | null {
  const from = toTime(row["date_from"], "date_from");
  const last = toTime(row["date_to"], "date_to");
  const counts = toCounts(row);
  if (from === null || last === null) {
    if (counts.successes === 0) return null;
    throw new ShapeError("date_from or date_to is the zero time");
  }
  const to = endOf(from, period);
  if (last < from || last > to) throw new ShapeError(`date_to is not in the ${period} that date_from starts`);
  return { from, to, ...counts };
}

function toLastRun(json: unknown): LastRun | null {
  if (json === null || json === undefined) return null;
  const run = toObject(json, "the last run");
  const executedAt = toTime(run["executed_at"], "executed_at");
  if (executedAt === null) return null;
  return {
    isSuccessful: toBoolean(run["is_successful"], "is_successful"),
    executedAt,
    durationMs: toNatural(run["duration"], "duration"),
  };
}

function toCounts(row: Json): Pick<RunStats, "successes" | "failures" | "averageDurationMs"> {
  return {
    successes: toInteger(row["num_of_successes"], "num_of_successes"),
    failures: toNatural(row["num_of_failures"], "num_of_failures"),
    averageDurationMs: toNatural(row["average_duration"], "average_duration"),
  };
}

/** Null when the time is the zero time, or null itself. */
function toTime(value: unknown, name: string): Date | null {
  if (value === null) return null;
  const time = toDate(toText(value, name));
  if (time === undefined) throw new ShapeError(`${name} is not a time`);
  return isZeroTime(time) ? null : time;
}

const NO_COUNTS = { successes: 0, failures: 0, averageDurationMs: 0 };
const NEVER = { isLastRunSuccessful: null, lastRunExecutedAt: null, lastRunDurationMs: null };

const LENGTHS: Record<Period, { months: number; days: number }> = {
  day: { months: 0, days: 1 },
  week: { months: 0, days: 7 },
  month: { months: 1, days: 0 },
  quarter: { months: 3, days: 0 },
  year: { months: 12, days: 0 },
};

function endOf(from: Date, period: Period): Date {
  const { months, days } = LENGTHS[period];
  const end = new Date(from);
  end.setUTCMonth(end.getUTCMonth() + months, end.getUTCDate() + days);
  return end;
}
