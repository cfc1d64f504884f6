import type { ObjectiveOf } from "@runledger/config";
import { daysAfter } from "../calendar/calendar-date.ts";
import { isSelected, type LocalDay } from "../calendar/calendar-days.ts";
import { earlier, later } from "../calendar/interval.ts";

/** A day on which a run is due, and the time whose runs serve it. */
export interface DeadlineWindow {
  /** The local date of `by`: `2026-03-14`. */
  date: string;
  opens: Date;
  /** Decides the week, and by the exclusions whether the day is excused. */
  by: Date;
  /** `by` and the grace, within the window: the last instant that is on time. */
  due: Date;
  /** The next day's `opens`: from here on runs serve that day. */
  closes: Date;
}

/**
 * The days out of `days` on which a run is due. Where `opens` is no earlier in the day than `by`, it is that of the
 * day before: by 06:00, opens 22:00. Windows follow the calendar, due or not: a run on Saturday serves Saturday, on
 * which perhaps nothing is due, never Friday.
 *
 * Clocks that go forward can bring times of a day into another order: of opens 02:30 and by 03:00, 02:30 moves to
 * 03:30. A window then opens no later than its `by` and no earlier than the `by` before it, and a grace ends with it.
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
    const before = dateBefore(date, instantAt);
    const opening = instantAt(`${opensBefore ? before : date}T${opens}`);
    return earlier(later(opening, instantAt(`${before}T${by}`)), instantAt(`${date}T${by}`));
  };
  return days
    .filter((day) => isSelected(on, day) && day.holiday === null)
    .map(({ date }) => {
      const byInstant = instantAt(`${date}T${by}`);
      const closes = opensFor(daysAfter(date, 1));
      return {
        date,
        opens: opensFor(date),
        by: byInstant,
        due: earlier(new Date(byInstant.getTime() + graceMs), closes),
        closes,
      };
    });
}

/** The last date before one that the clocks show at all. */
function dateBefore(date: string, instantAt: (local: string) => Date): string {
  const before = daysAfter(date, -1);
  const isShown = instantAt(`${before}T00:00`) < instantAt(`${date}T00:00`);
  return isShown ? before : daysAfter(date, -2);
}

export function opensOnDayBefore({ by, opens }: Pick<ObjectiveOf<"deadline">, "by" | "opens">): boolean {
  return opens >= by;
}
