import type { Objective } from "@runledger/config";
import type { Incident } from "../report-model.ts";
import type { ObjectiveEvent } from "./event.ts";
import { intersection, lengthOf, type Interval } from "./interval.ts";

/** An incident of all the weeks looked at, not yet seen from one of them. */
export type OpenedIncident = Omit<Incident, "inWeekMs">;

/**
 * The incidents of an objective: maximal sequences of bad events with no good one between, each closed by the next
 * good one. Excluded events neither open, lengthen nor close one.
 *
 * `events` are in order of time; `taskNames` has the names of tasks by UUID.
 */
export function incidentsOf(
  { id, pipeline }: Pick<Objective, "id" | "pipeline">,
  events: readonly ObjectiveEvent[],
  taskNames: ReadonlyMap<string, string>,
): OpenedIncident[] {
  const incidents: OpenedIncident[] = [];
  let open: OpenedIncident | null = null;
  for (const { at, isGood, run } of events.filter((event) => !event.isExcluded)) {
    if (isGood) {
      if (open !== null) open.closedAt = at;
      open = null;
    } else if (open === null) {
      const taskUuid = run?.firstFailedTaskUuid ?? null;
      open = {
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
      incidents.push(open);
    } else {
      open.badEvents += 1;
    }
  }
  return incidents;
}

/**
 * The incidents that have any of their time in the week, as it saw them. One counts in the week it opened in, and in
 * no other, but lasts into all it touches.
 */
export function incidentsIn(incidents: readonly OpenedIncident[], week: Interval, asOf: Date): Incident[] {
  return incidents
    .filter((incident) => overlaps(incident, week))
    .map((incident) => ({
      ...incident,
      inWeekMs: lengthOf([intersection({ start: incident.openedAt, end: incident.closedAt ?? asOf }, week)]),
    }));
}

function overlaps({ openedAt, closedAt }: OpenedIncident, week: Interval): boolean {
  return openedAt < week.end && (closedAt === null || closedAt > week.start);
}
