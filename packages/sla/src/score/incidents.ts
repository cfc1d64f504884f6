import type { Objective } from "@runledger/config";
import type { Micros } from "../calendar/micros.ts";
import type { Incident } from "../report/weekly-report.ts";
import type { ObjectiveEvent } from "../runs/objective-event.ts";
import type { Interval } from "../calendar/interval.ts";

/** An incident of all the weeks looked at, not yet seen from one of them. */
export type OpenedIncident = Omit<Incident, "lastedMs" | "inWeekMs">;

/**
 * The incidents of an objective: maximal sequences of bad events with no good one between, each closed by the next
 * good one. Excluded events neither open, lengthen nor close one. Of events at one instant none is known to be between
 * the others, so at most one incident opens at it.
 *
 * `events` are in order of time; `taskNames` has the names of tasks by UUID.
 */
export function incidentsOf(
  objective: Pick<Objective, "id" | "pipeline">,
  events: readonly ObjectiveEvent[],
  taskNames: ReadonlyMap<string, string>,
): OpenedIncident[] {
  const incidents: OpenedIncident[] = [];
  for (const { at, isGood, run } of events.filter((event) => !event.isExcluded)) {
    const latest = incidents.at(-1);
    const isOpen = latest?.closedAt === null;
    if (isGood) {
      if (isOpen) latest.closedAt = at;
    } else if (isOpen || latest?.openedAt === at) {
      latest.closedAt = null;
      latest.badEvents += 1;
    } else {
      incidents.push(openedBy({ at, run }, objective, taskNames));
    }
  }
  return incidents;
}

function openedBy(
  { at, run }: Pick<ObjectiveEvent, "at" | "run">,
  { id, pipeline }: Pick<Objective, "id" | "pipeline">,
  taskNames: ReadonlyMap<string, string>,
): OpenedIncident {
  const taskUuid = run?.firstFailedTaskUuid ?? null;
  return {
    objective: id,
    pipelineUuid: pipeline.uuid,
    pipelineName: pipeline.name,
    openedAt: at,
    closedAt: null,
    badEvents: 1,
    firstFailedTaskUuid: taskUuid,
    firstFailedTask: taskUuid === null ? null : (taskNames.get(taskUuid) ?? taskUuid),
    errorMessage: run?.errorMessage ?? null,
  };
}

/**
 * The incidents that the week saw open, as it saw them: also those that were closed at its first instant. One counts in
 * the week it opened in, and in no other, but lasts into all it touches. An open one lasts to the week's end, or as far
 * as is known of a week that goes on.
 */
export function incidentsIn(
  incidents: readonly OpenedIncident[],
  week: Interval<Micros>,
  knownUntil: Micros,
): Incident[] {
  return incidents
    .filter(({ openedAt, closedAt }) => openedAt < week.end && (closedAt ?? week.end) >= week.start)
    .map((incident) => {
      const closedAt = incident.closedAt !== null && incident.closedAt < week.end ? incident.closedAt : null;
      const until = closedAt ?? Math.min(week.end, knownUntil);
      return {
        ...incident,
        closedAt,
        lastedMs: (until - incident.openedAt) / 1000,
        inWeekMs: (until - Math.max(incident.openedAt, week.start)) / 1000,
      };
    });
}
