import type { Agreement } from "@runledger/config";
import type { History } from "@runledger/history";
import type { Week } from "./report-model.ts";

/** What of a week's data is not there yet, in one line; `null` when every pipeline is synced through its end. */
export async function unsyncedPipelines(
  { db }: History,
  { objectives }: Agreement,
  week: Week,
): Promise<string | null> {
  const names = new Map(objectives.map(({ pipeline }) => [pipeline.uuid, pipeline.name]));
  const rows = await db
    .selectFrom("pipelines")
    .select(["pipeline_uuid", "synced_through"])
    .where("pipeline_uuid", "in", [...names.keys()])
    .execute();
  const syncedThrough = new Map(rows.map((row) => [row.pipeline_uuid, row.synced_through]));
  const behind = Array.from(names).flatMap(([uuid, name]) => {
    const through = syncedThrough.get(uuid) ?? null;
    return through !== null && through >= week.end
      ? []
      : `${name} (${through?.toISOString() ?? "never synced"})`;
  });
  return behind.length === 0 ? null : `not synced through the week's end: ${behind.join(", ")}`;
}
