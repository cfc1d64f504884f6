import { instantFrom, UsageError } from "@runledger/cli";
import type { Agreement } from "@runledger/config";
import { checkWeek, InvalidWeekError, lastClosedWeek, weekOf, type Week } from "@runledger/sla";
import { z } from "zod";

/**
 * The agreement's week that `--week` names; without it, the last that was closed at `asOf`.
 *
 * @throws UsageError for a week that has not begun.
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

/** `--week`: an ISO week that exists, such as `2026-W12`. */
export const weekOption = z.string().transform((text) => {
  try {
    checkWeek(text);
    return text;
  } catch (cause) {
    if (!(cause instanceof InvalidWeekError)) throw cause;
    throw new UsageError(`--week ${cause.message}`, { cause });
  }
});

/** `--as-of`: the instant that plays now. */
export const asOfOption = z.string().transform((text) => instantFrom("--as-of", text));
