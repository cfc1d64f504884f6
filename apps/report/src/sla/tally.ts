import type { Share } from "../report-model.ts";
import type { ObjectiveEvent } from "./event.ts";

/** What an objective counted in a week: runs, days or milliseconds. */
export interface Tally {
  /** With exclusions applied. */
  share: Share;
  /** With none. */
  raw: Share;
  /** How many of `raw.total` the exclusions took out. */
  excluded: number;
}

/** Counts events, all of one week. */
export function tallyOf(events: readonly Pick<ObjectiveEvent, "isGood" | "isExcluded">[]): Tally {
  const share = { good: 0, total: 0 };
  const raw = { good: 0, total: events.length };
  for (const { isGood, isExcluded } of events) {
    if (!isExcluded) share.total += 1;
    if (isGood) raw.good += 1;
    if (isGood && !isExcluded) share.good += 1;
  }
  return { share, raw, excluded: raw.total - share.total };
}
