import { endOf, startOf, type Day } from "../windows/days.ts";
import type { StatisticsSource } from "../../statistics/fetch-period-stats.ts";
import { showsMissingRows } from "./compare-window.ts";
import { secondsOf } from "../../statistics/stored-figures.ts";
import { cutWindows, widenedWindows, type StoredDay, type TellingWindow } from "./telling-windows.ts";

/** So many requests a pipeline's hazy days may cost each time; sure windows and new ones come first. */
const MAX_REQUESTS = 50;

/**
 * The hazy days of which the source has rows that are not stored, as far as its figures of longer or shorter windows
 * tell. Known tasks are compared on their own; what shows here are rows of tasks never seen.
 *
 * @param days consecutive, in order.
 */
export async function daysWithMore(source: StatisticsSource, days: readonly StoredDay[]): Promise<Set<Day>> {
  const { windows, left } = widenedWindows(days);
  for (const day of left.slice(-MAX_REQUESTS)) {
    windows.push(...(await windowsWithin(source, day)));
  }
  const asked = windows
    .toSorted(
      (one, other) => Number(other.isSure) - Number(one.isSure) || other.to.getTime() - one.to.getTime(),
    )
    .slice(0, MAX_REQUESTS);
  const compared = await Promise.all(
    asked.map(async (window) => ((await showsMissingRows(source, window)) ? window.days : [])),
  );
  return new Set(compared.flat());
}

async function windowsWithin(
  { history, pipelineUuid }: StatisticsSource,
  day: Day,
): Promise<TellingWindow[]> {
  const window = { from: startOf(day), to: endOf(day) };
  const rows = await secondsOf(history, pipelineUuid, window);
  return cutWindows(window, rows).map((part) => ({ ...part, days: [day] }));
}
