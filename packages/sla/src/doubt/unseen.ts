import type { Interval } from "../calendar/interval.ts";

/** The figures of a pipeline's UTC day on both sides: what is stored, and what the source counts. */
export interface DayCounts {
  storedRuns: number;
  sourceRuns: number;
  /** Failed task runs of these runs. */
  storedFailures: number;
  sourceFailures: number;
  /** Of the tasks that are known. */
  storedTaskRuns: number;
  sourceTaskRuns: number;
  /** Failed task runs that the source counts for the known tasks. */
  sourceTaskFailures: number;
}

/**
 * What the source counted and the history does not have. Stored rows are true, so they can only lack others: whole runs,
 * or rows of runs that are seen in part. A run seen in part may really have failed, taken longer or finished later.
 */
export interface Unseen {
  /** Runs of which no row is stored. Each has at least one. */
  runs: number;
  /** Failed rows: of runs not seen, or of runs seen in part. */
  failures: number;
  /**
   * Rows beside one for each of the runs not seen: no more runs than that are seen in part. Infinite where some may be
   * rows of tasks never seen, which the source was not asked about.
   */
  spareRows: number;
}

/** Disputed days that lie close together: a run may have rows on several of them. */
export interface Stretch extends Interval {
  /** UTC days, `2026-03-14`, in order. */
  days: readonly string[];
  /** `null` where the source's counts do not say what is missing. */
  unseen: Unseen | null;
}

/** One of which it can be told how much is missing. */
export interface CountedStretch extends Stretch {
  unseen: Unseen;
}

export function isCounted(stretch: Stretch): stretch is CountedStretch {
  return stretch.unseen !== null;
}

const DAY_MS = 86_400_000;

/**
 * The disputed days of a pipeline as stretches, in order. Days with only one day between them are taken together: no
 * row of a run lies further from the others than that, and no local day reaches into two stretches.
 */
export function stretchesOf(
  disputedDays: readonly string[],
  countsOn: (day: string) => DayCounts | undefined,
): Stretch[] {
  const groups: string[][] = [];
  for (const day of disputedDays.toSorted()) {
    const group = groups.at(-1);
    const latest = group?.at(-1);
    if (group && latest !== undefined && Date.parse(day) - Date.parse(latest) <= 2 * DAY_MS) group.push(day);
    else groups.push([day]);
  }
  return groups.map((days) => ({
    days,
    start: new Date(Date.parse(days[0] ?? "")),
    end: new Date(Date.parse(days.at(-1) ?? "") + DAY_MS),
    unseen: unseenOf(days.map(countsOn)),
  }));
}

/** What is missing of the days of a stretch, in order; `null` where their counts do not say. */
export function unseenOf(days: readonly (DayCounts | undefined)[]): Unseen | null {
  const missing = { runs: 0, failures: 0, rows: 0 };
  for (const day of days.toReversed()) {
    if (day === undefined || !isSound(day)) return null;
    missing.runs += day.sourceRuns - day.storedRuns;
    missing.failures += day.sourceFailures - day.storedFailures;
    missing.rows += day.sourceTaskRuns - day.storedTaskRuns;
    // A run of which the last rows are missing is stored on too early a day, never on too late a one: from any day to
    // the last the source has at least as much.
    if (missing.runs < 0 || missing.failures < 0 || day.sourceTaskRuns < day.storedTaskRuns) return null;
  }
  const { runs, failures, rows } = missing;
  const areOfKnownTasks = rows > 0 && rows >= Math.max(runs, failures);
  return { runs, failures, spareRows: areOfKnownTasks ? rows - runs : Number.POSITIVE_INFINITY };
}

/**
 * Where failed rows outnumber runs, the source gives no successes beside failures of some other period. So figures with
 * no success are believed only where the tasks' own have as many failures.
 */
function isSound({ sourceRuns, sourceFailures, sourceTaskFailures }: DayCounts): boolean {
  return (
    sourceFailures >= 0 &&
    (sourceRuns > sourceFailures || (sourceRuns === sourceFailures && sourceFailures === sourceTaskFailures))
  );
}

/** The fewest of the runs not seen that failed; `isAnySeen`: there are stored runs that may be seen in part. */
export function fewestFailed({ runs, failures, spareRows }: Unseen, isAnySeen: boolean): number {
  if (failures === 0 || runs === 0) return 0;
  const elsewhere = spareRows > 0 && isAnySeen ? spareRows : 0;
  // Failed rows that are on no run that is seen are on one that is not, perhaps all of them on the same.
  return elsewhere >= failures ? 0 : Math.max(failures - spareRows, 1);
}

/** The most successes that there may be beside the stored ones where they are: runs not seen, or seen to end too early. */
export function mostSuccesses(unseen: Unseen, seen: { successes: number; all: number }): number {
  return unseen.runs - fewestFailed(unseen, seen.all > 0) + Math.min(unseen.spareRows, seen.successes);
}

/** The fewest successes that there must be among the runs not seen; 0 where stored runs may be seen in part. */
export function fewestSuccesses({ runs, failures, spareRows }: Unseen): number {
  return spareRows === 0 ? Math.max(runs - failures, 0) : 0;
}

/** What is missing altogether; `rows` are `null` where it cannot be told how many. */
export function totalOf(unseen: readonly Unseen[]): { runs: number; rows: number | null } {
  const runs = unseen.reduce((sum, each) => sum + each.runs, 0);
  const rows = unseen.reduce((sum, each) => sum + each.runs + each.spareRows, 0);
  return { runs, rows: Number.isFinite(rows) ? rows : null };
}
