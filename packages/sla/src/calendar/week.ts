import { DateTime } from "luxon";
import { midnightOf } from "./local-time.ts";

/** One ISO week in an agreement's zone: Monday 00:00 to next Monday 00:00 local, 167 to 169 hours. */
export interface Week {
  /** `2026-W12` */
  id: string;
  timezone: string;
  start: Date;
  end: Date;
  /** Hours between start and end: 168 but for weeks in which the clocks change. */
  hours: number;
}

/** A text that names no week; whoever wrote it has to write another. */
export class InvalidWeekError extends RangeError {
  override name = "InvalidWeekError";
}

/**
 * The ISO week named `id` (`2026-W12`) in `timezone`.
 *
 * @throws {InvalidWeekError} when `id` is written otherwise or its year has no such week.
 */
export function weekOf(id: string, timezone: string): Week {
  return weekFrom(mondayOf(id), timezone);
}

/**
 * Makes sure that `id`, if any is given, names a week.
 *
 * @throws {InvalidWeekError} when it does not.
 */
export function checkWeek(id: string | undefined): void {
  if (id !== undefined) {
    mondayOf(id);
  }
}

/**
 * The week with `start <= instant < end`. It goes by the local date, which comes to the same: since 1970 no change of
 * clocks has jumped over a Monday's midnight or gone back across it.
 */
export function weekHolding(instant: Date, timezone: string): Week {
  const local = DateTime.fromJSDate(instant, { zone: timezone });
  return weekFrom(local.setZone("utc", { keepLocalTime: true }).startOf("week"), timezone);
}

/** When a week is closed: `settleMs` milliseconds after its end. */
export function closesAt({ end }: Pick<Week, "end">, settleMs: number): Date {
  return new Date(end.getTime() + settleMs);
}

/** The latest week that had ended `settleMs` milliseconds before `asOf`, or earlier. */
export function lastClosedWeek(asOf: Date, timezone: string, settleMs: number): Week {
  return shift(weekHolding(new Date(asOf.getTime() - settleMs), timezone), -1);
}

/** The `count` weeks that end with `week` itself, oldest first. */
export function previousWeeks(week: Week, count: number): Week[] {
  return Array.from({ length: count }, (_, index) => shift(week, index + 1 - count));
}

function shift(week: Week, weeks: number): Week {
  return weekFrom(mondayOf(week.id).plus({ weeks }), week.timezone);
}

/** `monday` is a date without a zone, held as that date's midnight in UTC. */
function weekFrom(monday: DateTime, timezone: string): Week {
  const start = midnightOf(monday.toISODate(), timezone);
  const end = midnightOf(monday.plus({ weeks: 1 }).toISODate(), timezone);
  return {
    id: monday.toISOWeekDate().slice(0, "2026-W12".length),
    timezone,
    start,
    end,
    hours: (end.getTime() - start.getTime()) / 3_600_000,
  };
}

function mondayOf(id: string): DateTime {
  const [, year, number] = /^(\d{4})-W(\d{2})$/.exec(id) ?? [];
  if (year === undefined || number === undefined) {
    throw new InvalidWeekError(`"${id}" is not an ISO week; write it like 2026-W12`);
  }
  const weeks = DateTime.utc(Number(year), 7).weeksInWeekYear;
  if (Number(number) < 1 || Number(number) > weeks) {
    throw new InvalidWeekError(
      `"${id}" is not an ISO week: ${year} has the weeks ${year}-W01 to ${year}-W${weeks}`,
    );
  }
  return DateTime.fromISO(id, { zone: "utc" });
}
