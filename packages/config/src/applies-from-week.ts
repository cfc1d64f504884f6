import { DateTime } from "luxon";

/**
 * The first ISO week, `2026-W13`, that a definition seen at an instant applies to: the one after the week that holds
 * the instant, and after the last week that was reported, which is kept as printed.
 */
export function appliesFromWeek(seenAt: Date, timezone: string, lastReported: string | null): string {
  const seen = weekAfter(DateTime.fromJSDate(seenAt, { zone: timezone }));
  const unreported =
    lastReported === null ? seen : weekAfter(DateTime.fromISO(lastReported, { zone: "utc" }));
  return seen > unreported ? seen : unreported;
}

function weekAfter(time: DateTime): string {
  return time.plus({ weeks: 1 }).toFormat("kkkk-'W'WW");
}
