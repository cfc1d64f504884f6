import { daysAfter } from "../calendar/calendar-date.ts";
import { isSelected, type LocalDay } from "../calendar/calendar-days.ts";
import type { ObjectiveOf } from "./evaluation.ts";

/** A day on which a run is due, and the time whose runs serve it. */
export interface DeadlineWindow {
  /** The local date of `by`: `2026-03-14`. */
  date: string;
  opens: Date;
  /** Decides the week, and by the exclusions whether the day is excused. */
  by: Date;
  /** `by` and the grace: the last instant that is on time. */
  due: Date;
  /** The next day's `opens`: from here on runs serve that day. */
  closes: Date;
}

/**
 * The days out of `days` on which a run is due. Where `opens` is no earlier in the day than `by`, it is that of the
 * day before: by 06:00, opens 22:00. Windows follow the calendar, due or not: a run on Saturday serves Saturday, on
 * which perhaps nothing is due, never Friday.
 *
 * `instantAt` finds local times, `2026-03-14T06:00`.
 */
export function deadlineWindows(
  { by, opens, graceMs, on }: Pick<ObjectiveOf<"deadline">, "by" | "opens" | "graceMs" | "on">,
  days: readonly LocalDay[],
  instantAt: (local: string) => Date,
): DeadlineWindow[] {
  const opensBefore = opensOnDayBefore({ by, opens });
  const opensFor = (date: string) => {
    if (!opensBefore) return instantAt(`${date}T${opens}`);
    const dayBefore = instantAt(`${daysAfter(date, -1)}T${opens}`);
    // Times of a day before that the clocks skip move forward into the day itself: it opens a day earlier.
    return dayBefore < instantAt(`${date}T${by}`) ? dayBefore : instantAt(`${daysAfter(date, -2)}T${opens}`);
  };
  return days
    .filter((day) => isSelected(on, day) && day.holiday === null)
    .map(({ date }) => {
      const byInstant = instantAt(`${date}T${by}`);
      return {
        date,
        opens: opensFor(date),
        by: byInstant,
        due: new Date(byInstant.getTime() + graceMs),
        closes: opensFor(daysAfter(date, 1)),
      };
    });
}

export function opensOnDayBefore({ by, opens }: Pick<ObjectiveOf<"deadline">, "by" | "opens">): boolean {
  return opens >= by;
}
