import type { AgreementOutline } from "@runledger/config";
import { type Week, lastClosedWeek, midnightOf, previousWeeks, weekOf } from "@runledger/sla";

/** What is known of an agreement's weeks; weeks are ids, `2026-W12`, in any order. */
export interface KnownWeeks {
  /** Weeks whose report has gone out, to some recipients at least. */
  sent: readonly string[];
  /** Whether the latest of them has gone out to all. */
  isLatestComplete: boolean;
  /** Weeks with a message that was refused: they stay unwell until it is sent again or suppressed. */
  refused: readonly string[];
  /** Weeks of which it was said that they have no report; they may have one since. */
  noticed: readonly string[];
}

export interface DueWeeks {
  /**
   * Weeks to look at now, oldest first, at most four: the last closed one, whose figures may have changed, and missed
   * ones.
   */
  due: Week[];
  /** Weeks that were missed as well, too long ago to be sent without somebody asking for it. */
  lapsed: Week[];
}

/** Weeks that are made up for, the last closed one included. */
const MOST_WEEKS = 4;

/**
 * The weeks whose reports are due. Missed are those after the latest that was sent, and those whose absence was noticed:
 * one that could not be made does not hold up the next. An agreement of which nothing was ever sent owes the last closed
 * week only, and none owes a week that ended before it was in force.
 */
export function dueWeeks(
  { timezone, effectiveFrom, report }: Pick<AgreementOutline, "timezone" | "effectiveFrom" | "report">,
  asOf: Date,
  { sent, isLatestComplete, refused, noticed }: KnownWeeks,
): DueWeeks {
  const last = lastClosedWeek(asOf, timezone, report.settleMs);
  const inForceFrom = midnightOf(effectiveFrom, timezone);
  const isInForce = ({ end }: Week): boolean => end > inForceFrom;
  // Ids are of one length, so they sort as their weeks do.
  const latestSent = sent.toSorted().at(-1);
  const isOwed = ({ id }: Week): boolean =>
    id === last.id ||
    refused.includes(id) ||
    (latestSent !== undefined && (id > latestSent || (id === latestSent && !isLatestComplete))) ||
    (noticed.includes(id) && !sent.includes(id));
  return {
    due: previousWeeks(last, MOST_WEEKS).filter((week) => isInForce(week) && isOwed(week)),
    lapsed: weeksAfter(latestSent, last).slice(0, -MOST_WEEKS).filter(isInForce),
  };
}

/** The weeks after one, up to `last`; none when there is no such week before it. */
function weeksAfter(id: string | undefined, last: Week): Week[] {
  if (id === undefined || id >= last.id) {
    return [];
  }
  const { start } = weekOf(id, last.timezone);
  return previousWeeks(last, Math.round((last.start.getTime() - start.getTime()) / WEEK_MS));
}

const WEEK_MS = 7 * 86_400_000;
