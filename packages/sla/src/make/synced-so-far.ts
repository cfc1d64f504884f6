import type { Agreement } from "@runledger/config";
import type { Week } from "../calendar/week.ts";
import type { Coverage } from "../doubt/history-coverage.ts";

/**
 * Up to when a week that is not closed can be told of: all of the agreement's pipelines are synced until then. One that
 * was never synced holds up the others no more than itself. Where nothing of the week is synced yet, that is what there
 * is to say, as of `now`.
 */
export function syncedSoFar(
  { objectives }: Pick<Agreement, "objectives">,
  week: Week,
  now: Date,
  { syncedThrough }: Pick<Coverage, "syncedThrough">,
): Date {
  const instants = objectives.flatMap(({ pipeline }) => syncedThrough.get(pipeline.uuid)?.getTime() ?? []);
  const synced = Math.min(now.getTime(), ...instants);
  return synced > week.start.getTime() ? new Date(synced) : now;
}
