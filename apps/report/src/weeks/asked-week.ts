import { instantFrom, UsageError } from "@runledger/cli";
import type { Agreement } from "@runledger/config";
import { lastClosedWeek, weekOf, type Week } from "@runledger/sla";

/**
 * The agreement's week that `--week` names; without it, the last that was closed at `asOf`.
 *
 * @throws UsageError for a week that has not begun, InvalidWeekError for one that does not exist.
 */
export function askedWeek({ timezone, report }: Agreement, week: string | undefined, asOf: Date): Week {
  if (week === undefined) {
    return lastClosedWeek(asOf, timezone, report.settleMs);
  }
  const asked = weekOf(week, timezone);
  if (asked.start >= asOf) {
    throw new UsageError(`week ${week} has not begun at ${asOf.toISOString()}`);
  }
  return asked;
}

/**
 * The instant that `--as-of` names; null without it.
 *
 * @throws UsageError when it is not a time.
 */
export function askedInstant(asOf: string | undefined): Date | null {
  return asOf === undefined ? null : instantFrom("--as-of", asOf);
}
