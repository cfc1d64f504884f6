import type { RunledgerConfig } from "./config.ts";
import { lastHoliday } from "./holidays/holiday-calendar.ts";
import { shown } from "./problems/issue-text.ts";
import { problemText } from "./problems/problems.ts";

/**
 * What is to be asked about a configuration on a day, `2026-12-27`, a line each: what is hardly meant, and holiday
 * calendars that have come to their end.
 */
export function configWarnings({ warnings, file, agreements }: RunledgerConfig, today: string): string[] {
  const files = agreements.flatMap(({ calendar }) => calendar.holidays?.files ?? []);
  const ended = files.flatMap(({ path, events }) => {
    const last = lastHoliday(events);
    return last !== null && last !== "ever" && last < today
      ? [`${file}: ${shown(path)} has no holiday after ${last}: fetch it anew, or days off count as days due`]
      : [];
  });
  return [...warnings.map(problemText), ...new Set(ended)];
}
