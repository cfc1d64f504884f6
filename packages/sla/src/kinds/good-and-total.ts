import type { Share } from "../report/weekly-report.ts";
import type { ObjectiveEvent } from "../runs/objective-event.ts";

/** What an objective counted in a week: runs, days or microseconds. */
export interface Tally {
  /** With exclusions applied. */
  share: Share;
  /** With none. */
  raw: Share;
  /** How many of `raw.total` the exclusions took out. */
  excluded: number;
}

export function emptyTally(): Tally {
  return { share: { good: 0, total: 0 }, raw: { good: 0, total: 0 }, excluded: 0 };
}

/** Counts one more. */
export function count(tally: Tally, isGood: boolean, isExcluded: boolean): void {
  const good = isGood ? 1 : 0;
  tally.raw.total += 1;
  tally.raw.good += good;
  if (isExcluded) {
    tally.excluded += 1;
  } else {
    tally.share.total += 1;
    tally.share.good += good;
  }
}

/** Counts events, all of one week. */
export function tallyOf(events: readonly Pick<ObjectiveEvent, "isGood" | "isExcluded">[]): Tally {
  const tally = emptyTally();
  for (const { isGood, isExcluded } of events) count(tally, isGood, isExcluded);
  return tally;
}
