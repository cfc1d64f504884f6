import type { DateTime } from "luxon";

export type Schedule =
  /** Every so many minutes of the day, the first one `offset` minutes after midnight (default 0). */
  | { readonly everyMinutes: number; readonly offset?: number }
  /** At a local time, `HH:MM`, on ISO weekdays, Monday = 1. */
  | { readonly at: string; readonly on: readonly number[] };

export const DAILY = [1, 2, 3, 4, 5, 6, 7] as const;
export const WORKDAYS = [1, 2, 3, 4, 5] as const;

/** When the schedule starts a run on the local day, in order. A day of 23 or 25 hours has as many as fit. */
export function slotsOf(schedule: Schedule, day: DateTime): DateTime[] {
  return "at" in schedule ? atLocalTime(schedule.at, schedule.on, day) : throughTheDay(schedule, day);
}

function atLocalTime(at: string, on: readonly number[], day: DateTime): DateTime[] {
  const [hour = 0, minute = 0] = at.split(":").map(Number);
  return on.includes(day.weekday) ? [day.set({ hour, minute })] : [];
}

function throughTheDay(
  { everyMinutes, offset = 0 }: { everyMinutes: number; offset?: number },
  day: DateTime,
): DateTime[] {
  const minutes = day.plus({ days: 1 }).diff(day, "minutes").minutes;
  const count = Math.ceil((minutes - offset) / everyMinutes);
  return Array.from({ length: count }, (_, turn) => day.plus({ minutes: offset + turn * everyMinutes }));
}
