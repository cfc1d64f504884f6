import type { Recovery } from "../report/weekly-report.ts";
import type { OpenedIncident } from "./incidents.ts";

/**
 * How an objective's incidents went, given in order of opening. One counts when it closes: an open one says nothing yet.
 */
export function recoveryOf(incidents: readonly OpenedIncident[]): Recovery {
  const closed = incidents.flatMap(({ openedAt, closedAt }) =>
    closedAt === null ? [] : [{ openedAt, closedAt }],
  );
  const recoveries = closed.map(({ openedAt, closedAt }) => closedAt - openedAt);
  const untilNext = closed.flatMap(({ closedAt }, index) => {
    const next = closed[index + 1];
    return next === undefined ? [] : [next.openedAt - closedAt];
  });
  return {
    closedIncidents: closed.length,
    meanTimeToRecoverMs: meanOf(recoveries),
    meanTimeBetweenFailuresMs: meanOf(untilNext),
  };
}

/** In milliseconds, of microseconds. */
function meanOf(durations: readonly number[]): number | null {
  if (durations.length === 0) return null;
  return durations.reduce((sum, duration) => sum + duration, 0) / durations.length / 1000;
}
