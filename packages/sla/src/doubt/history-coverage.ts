import type { DataGap } from "../report/weekly-report.ts";
import type { Interval } from "../calendar/interval.ts";
import { stretchesOf, type DayCounts, type Stretch } from "./unseen.ts";

/** How far the stored history can be trusted to be whole. */
export interface Coverage {
  /** The first instant ever ingested. */
  historyStart: Date;
  /** By pipeline UUID; absent or `null` when it never was synced. */
  syncedThrough: ReadonlyMap<string, Date | null>;
  /** UUIDs of pipelines of which the source has never shown anything: synced or not, nothing is known of them. */
  neverSeen?: ReadonlySet<string>;
  /** By pipeline UUID: the UTC days (`2026-03-14`) on which stored rows disagree with the source. */
  disputedDays: ReadonlyMap<string, readonly string[]>;
  /** By pipeline UUID and disputed day, what both sides count; absent where that cannot be told. */
  countsOfDays?: ReadonlyMap<string, ReadonlyMap<string, DayCounts>>;
}

/** What of a span is missing or in doubt; `null` when all of it, or all of it so far, is there. */
export function gapIn(coverage: Coverage, pipelineUuid: string, span: Interval, asOf: Date): DataGap | null {
  if (coverage.historyStart > span.start) {
    return { kind: "starts_late", start: coverage.historyStart.toISOString() };
  }

  if (coverage.neverSeen?.has(pipelineUuid)) return { kind: "never_seen" };
  const syncedThrough = coverage.syncedThrough.get(pipelineUuid) ?? null;
  if (syncedThrough === null) return { kind: "never_synced" };
  if (syncedThrough < span.end && syncedThrough < asOf) {
    return { kind: "synced_through", through: syncedThrough.toISOString() };
  }

  const days = (coverage.disputedDays.get(pipelineUuid) ?? []).filter((day) => touches(day, span));
  return days.length > 0 ? { kind: "disputed", days } : null;
}

/** The stretches of disputed days that touch a span. */
export function stretchesIn(
  { disputedDays, countsOfDays }: Coverage,
  pipelineUuid: string,
  span: Interval,
): Stretch[] {
  const counts = countsOfDays?.get(pipelineUuid);
  return stretchesOf(disputedDays.get(pipelineUuid) ?? [], (day) => counts?.get(day)).filter(
    ({ start, end }) => start < span.end && end > span.start,
  );
}

/** Local weeks seldom begin at UTC midnight: up to eight UTC days touch one. */
function touches(utcDay: string, span: Interval): boolean {
  const start = Date.parse(utcDay);
  return start < span.end.getTime() && start + 86_400_000 > span.start.getTime();
}
