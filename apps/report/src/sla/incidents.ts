import type { Objective } from "@runledger/config";
import type { Incident, Week } from "../report-model.ts";
import { holds } from "../week.ts";
import type { ObjectiveEvent } from "./event.ts";

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
): Incident[] {
  const incidents: Incident[] = [];
  let open: Incident | null = null;
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

/** An incident counts in the week it opened in, and in no other. */
export function opensIn({ openedAt }: Incident, week: Week): boolean {
  return holds(week, openedAt);
}

/** Whether any of the incident's time lies in the week. */
export function overlaps({ openedAt, closedAt }: Incident, week: Week): boolean {
  return openedAt < week.end && (closedAt === null || closedAt > week.start);
}
