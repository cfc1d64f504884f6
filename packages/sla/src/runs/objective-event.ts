import type { Micros } from "../calendar/micros.ts";
import type { RunFailure } from "./run.ts";

/** Something an objective calls good or bad. */
export interface ObjectiveEvent {
  /** When it turned out so: the instant at which it opens an incident or closes one. */
  at: Micros;
  isGood: boolean;
  /** Taken out by an exclusion: it shows in the raw figures only. */
  isExcluded: boolean;
  /** Of the run that shows it, or of the first that failed on the way; `null` where none failed. */
  run: RunFailure | null;
}

export function isAnyGoodBefore(events: readonly ObjectiveEvent[], instant: Micros): boolean {
  return events.some(({ at, isGood, isExcluded }) => isGood && !isExcluded && at < instant);
}
