import type { Run } from "./run.ts";

/** Something an objective calls good or bad, at the instant that decides which week it belongs to. */
export interface ObjectiveEvent {
  at: Date;
  isGood: boolean;
  /** In excluded time: it shows in the raw figures only. */
  isExcluded: boolean;
  /** The run that shows it; `null` where the lack of one does. */
  run: Run | null;
}
