import type { Agreement } from "@runledger/config";
import type { History } from "@runledger/history";
import type { Week } from "@runledger/sla";

/** What is missing, in a line, and up to when every pipeline is synced; null when one never was. */
export interface Gap {
  why: string;
  through: Date | null;
}

/** What of a week's data is not there yet; `null` when every pipeline is synced through its end. */
export async function unsyncedPipelines(
  history: History,
  { objectives }: Agreement,
  week: Week,
): Promise<Gap | null> {
  const names = new Map(objectives.map(({ pipeline }) => [pipeline.uuid, pipeline.name]));
  const syncedThrough = await readSyncedThrough(history, [...names.keys()]);
  const behind = Array.from(names).flatMap(([uuid, name]) => {
    const through = syncedThrough.get(uuid) ?? null;
    return through !== null && through >= week.end
      ? []
      : `${name} (${through?.toISOString() ?? "never synced"})`;
  });
  if (behind.length === 0) return null;
  const times = Array.from(names.keys(), (uuid) => syncedThrough.get(uuid)?.getTime() ?? 0);
  const through = Math.min(...times);
  return {
    why: `not synced through the week's end: ${behind.join(", ")}`,
    through: through === 0 ? null : new Date(through),
  };
}

/** Up to when each pipeline is synced; null when it never was. */
async function readSyncedThrough({ db }: History, pipelines: string[]): Promise<Map<string, Date | null>> {
  const rows = await db
    .selectFrom("pipelines")
    .select(["pipeline_uuid", "synced_through"])
    .where("pipeline_uuid", "in", pipelines)
    .execute();
  return new Map(rows.map((row) => [row.pipeline_uuid, row.synced_through]));
}

const DAY_MS = 86_400_000;

/** The first moment at which a week's report can go out when syncs come each day at the time of the last one. */
export function firstSending(week: Pick<Week, "end">, closes: Date, through: Date): Date {
  const syncs = Math.max(0, Math.ceil((week.end.getTime() - through.getTime()) / DAY_MS));
  return new Date(Math.max(closes.getTime(), through.getTime() + syncs * DAY_MS));
}
