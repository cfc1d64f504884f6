import type { Week } from "../report-model.ts";

/** How far the stored history can be trusted to be whole. */
export interface Coverage {
  /** The first instant ever ingested. */
  historyStart: Date;
  /** By pipeline UUID; absent or `null` when it never was synced. */
  syncedThrough: ReadonlyMap<string, Date | null>;
  /** By pipeline UUID: the UTC days (`2026-03-14`) on which stored rows disagree with the source. */
  disputedDays: ReadonlyMap<string, readonly string[]>;
}

/** What of the week is missing or in doubt, in one line; `null` when all of it, or all of it so far, is there. */
export function gapIn(coverage: Coverage, pipelineUuid: string, week: Week, asOf: Date): string | null {
  if (coverage.historyStart > week.start) {
    return `the history starts at ${utcMinute(coverage.historyStart)}, after the week did`;
  }

  const syncedThrough = coverage.syncedThrough.get(pipelineUuid) ?? null;
  if (syncedThrough === null) return "the pipeline was never synced";
  if (syncedThrough < week.end && syncedThrough < asOf) {
    return `the pipeline is synced only through ${utcMinute(syncedThrough)}`;
  }

  const disputed = (coverage.disputedDays.get(pipelineUuid) ?? []).filter((day) => touches(day, week));
  if (disputed.length > 0) return `stored runs disagree with the source on ${disputed.join(", ")} (UTC)`;
  return null;
}

/** Local weeks seldom begin at UTC midnight: up to eight UTC days touch one. */
function touches(utcDay: string, week: Week): boolean {
  const start = Date.parse(utcDay);
  return start < week.end.getTime() && start + 86_400_000 > week.start.getTime();
}

/** `2026-03-20 04:12 UTC` */
function utcMinute(instant: Date): string {
  return `${instant.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
