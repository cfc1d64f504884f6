import type { Share, Week } from "../report-model.ts";
import { holds } from "../week.ts";
import type { ObjectiveEvent } from "./event.ts";

export interface Tally {
  /** With exclusions applied. */
  share: Share;
  /** With none. */
  raw: Share;
  /** How many of `raw.total` the exclusions took out. */
  excluded: number;
}

/** Counts the events of the week. */
export function tallyOf(events: readonly ObjectiveEvent[], week: Week): Tally {
  const within = events.filter(({ at }) => holds(week, at));
  const share = shareOf(within.filter((event) => !event.isExcluded));
  return { share, raw: shareOf(within), excluded: within.length - share.total };
}

function shareOf(events: readonly ObjectiveEvent[]): Share {
  return { good: events.filter((event) => event.isGood).length, total: events.length };
}
