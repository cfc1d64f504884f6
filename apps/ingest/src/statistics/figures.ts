import type { Day } from "../sync/windows/days.ts";
import type { Subject } from "./subject.ts";

/** The figures that both sides have of a subject, over a day or a window. */
export interface Figures {
  successes: number;
  failures: number;
  averageDurationMs: number;
}

/** By subject UUID, then by day; a day without runs may be absent. */
export type DailyFigures = ReadonlyMap<string, ReadonlyMap<Day, Figures>>;

export const NO_RUNS: Figures = { successes: 0, failures: 0, averageDurationMs: 0 };

/** A subject and a day on which the stored figures are not the source's. */
export interface Disagreement {
  day: Day;
  subject: Subject;
  stored: Figures;
  source: Figures;
}

/**
 * Every disagreement of the days, in the order of days. A pipeline's figures that the source cannot give are none: its
 * tasks' figures stand for them.
 */
export function disagreementsOf(
  subjects: readonly Subject[],
  days: readonly Day[],
  stored: DailyFigures,
  source: DailyFigures,
): Disagreement[] {
  return days.flatMap((day) =>
    subjects
      .map((subject) => ({
        day,
        subject,
        stored: figuresOn(stored, subject, day),
        source: figuresOn(source, subject, day),
      }))
      .filter(
        ({ stored: here, source: there }) =>
          !areSame(here, there) && !isUnsound({ stored: here, source: there }),
      ),
  );
}

export function figuresOn(figures: DailyFigures, { uuid }: Subject, day: Day): Figures {
  return figures.get(uuid)?.get(day) ?? NO_RUNS;
}

export function areSame(one: Figures, other: Figures): boolean {
  return (
    one.successes === other.successes &&
    one.failures === other.failures &&
    one.averageDurationMs === other.averageDurationMs
  );
}

/**
 * Whether more task runs failed than runs ran, which makes a pipeline's successes negative, and the source cannot say so:
 * then it gives 0 successes, and in every other field what it may have read there before, of another period.
 */
export function isUnsound({ stored, source }: { stored: Figures; source: Figures }): boolean {
  return stored.successes < 0 && source.successes === 0;
}

/**
 * Whether it proves little of a pipeline that the source's figures are not in the way: they are unsound, or they have no
 * success, so that by chance another period's can be the same. `source` is null where the source has nothing.
 */
export function provesLittle(stored: Figures, source: Figures | null): boolean {
  return isUnsound({ stored, source: source ?? NO_RUNS }) || source?.successes === 0;
}

/** Whether a pipeline's figures may be such: they have no success, and not the failures that its tasks have together. */
export function mayBeUnsound({ successes, failures }: Figures, taskFailures: number): boolean {
  return successes === 0 && failures !== taskFailures;
}

/** Runs of a pipeline, rows of a task. */
export function countOf({ successes, failures }: Figures): number {
  return successes + failures;
}
