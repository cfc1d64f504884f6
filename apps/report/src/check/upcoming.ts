import type { Agreement } from "@runledger/config";
import {
  type ExcludedInterval,
  type LocalDay,
  deadlineWindows,
  excludedIntervals,
  exclusionAt,
  instantOf,
  localDays,
} from "@runledger/sla";

/** What an agreement's definition means for the next weeks, so that a mistake in it is seen before it counts. */
export interface Outlook {
  deadlines: { objective: string; occurrences: Occurrence[] }[];
  exclusions: ExcludedInterval[];
  holidays: { date: string; name: string }[];
}

/** A day on which a deadline is due. */
export interface Occurrence {
  date: string;
  opens: Date;
  /** The agreed time. */
  by: Date;
  /** Grace included. */
  due: Date;
  /** Reason of the exclusion that excuses the day. */
  excused: string | null;
}

const DAY_MS = 86_400_000;
const AHEAD_MS = 28 * DAY_MS;
const OCCURRENCES = 5;
/** Far enough ahead for five occurrences of a deadline that is due once a week, over holidays. */
const SEARCHED_MS = 70 * DAY_MS;

export function outlookOf({ timezone, calendar, exclusions, objectives }: Agreement, now: Date): Outlook {
  const until = (ms: number) => ({ start: now, end: new Date(now.getTime() + ms) });
  const days = localDays(calendar, timezone, until(SEARCHED_MS));
  const excluded = excludedIntervals(exclusions, timezone, until(SEARCHED_MS));
  const instantAt = (local: string) => instantOf(local, timezone);
  return {
    deadlines: objectives
      .filter((objective) => objective.kind === "deadline")
      .map((objective) => ({
        objective: objective.id,
        occurrences: deadlineWindows(objective, days, instantAt)
          .filter(({ due }) => due > now)
          .slice(0, OCCURRENCES)
          .map(({ date, opens, by, due }) => ({ date, opens, by, due, excused: exclusionAt(excluded, by) })),
      })),
    exclusions: excluded.filter(({ start }) => start < until(AHEAD_MS).end),
    holidays: days.filter(({ start }) => start < until(AHEAD_MS).end).flatMap(toHoliday),
  };
}

function toHoliday({ date, holiday }: LocalDay): { date: string; name: string }[] {
  return holiday === null ? [] : [{ date, name: holiday }];
}
