import type { Interval } from "./interval.ts";

/** How far the stored history can be trusted to be whole. */
export interface Coverage {
  /** The first instant ever ingested. */
  historyStart: Date;
  /** By pipeline UUID; absent or `null` when it never was synced. */
  syncedThrough: ReadonlyMap<string, Date | null>;
  /** By pipeline UUID: the UTC days (`2026-03-14`) on which stored rows disagree with the source. */
  disputedDays: ReadonlyMap<string, readonly string[]>;
}

/** What of a span is missing or in doubt, in one line; `null` when all of it, or all of it so far, is there. */
export function gapIn(coverage: Coverage, pipelineUuid: string, span: Interval, asOf: Date): string | null {
  if (coverage.historyStart > span.start) {
    return `the history starts only at ${utcMinute(coverage.historyStart)}`;
  }

  const syncedThrough = coverage.syncedThrough.get(pipelineUuid) ?? null;
  if (syncedThrough === null) return "the pipeline was never synced";
  if (syncedThrough < span.end && syncedThrough < asOf) {
    return `the pipeline is synced only through ${utcMinute(syncedThrough)}`;
  }

  const disputed = (coverage.disputedDays.get(pipelineUuid) ?? []).filter((day) => touches(day, span));
  if (disputed.length > 0) return `stored runs disagree with the source on ${disputed.join(", ")} (UTC)`;
  return null;
}

/** Local weeks seldom begin at UTC midnight: up to eight UTC days touch one. */
function touches(utcDay: string, span: Interval): boolean {
  const start = Date.parse(utcDay);
  return start < span.end.getTime() && start + 86_400_000 > span.start.getTime();
}

/** `2026-03-20 04:12 UTC` */
function utcMinute(instant: Date): string {
  return `${instant.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
