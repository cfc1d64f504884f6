/**
 * The definitions of an objective worked out a second, naive way: clocks are read through `Intl` as text, local times
 * are found by walking along them, and every figure is a loop over all runs. It shares no code with what it checks.
 */
import type { Exclusion, Objective } from "@runledger/config";
import type { Run } from "../src/sla/run.ts";
import type { ScoringInput } from "../src/sla/scoring-input.ts";

const quarterMs = 15 * 60_000;
const dayMs = 24 * 3_600_000;

/** What clocks show: `2026-03-14 22:00:00`. */
function clock(instant: number, timezone: string): string {
  let format = formats.get(timezone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("sv-SE", {
      timeZone: timezone,
      dateStyle: "short",
      timeStyle: "medium",
    });
    formats.set(timezone, format);
  }
  return format.format(instant);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Walks along the clocks to the first instant at which they show `local` or, when they skip it, more. */
export function whenClocksShow(local: string, timezone: string): number {
  const wanted = `${local.replace("T", " ")}:00`;
  let instant = Date.parse(`${local}Z`) - 15 * 3_600_000;
  while (clock(instant, timezone) < wanted) instant += quarterMs;
  if (clock(instant, timezone) === wanted) return instant;
  const before = instant - quarterMs;
  return before + (asUtc(wanted) - asUtc(clock(before, timezone)));
}

/** The ISO week of the local date: that of the year which its Thursday lies in. */
export function isoWeekAt(instant: number, timezone: string): string {
  const date = Date.parse(clock(instant, timezone).slice(0, 10));
  const isoWeekday = new Date(date).getUTCDay() || 7;
  const thursday = date + (4 - isoWeekday) * dayMs;
  const year = new Date(thursday).getUTCFullYear();
  const week = 1 + Math.floor((thursday - Date.UTC(year, 0, 1)) / (7 * dayMs));
  return `${year}-W${String(week).padStart(2, "0")}`;
}

export function isExcluded(instant: number, exclusions: readonly Exclusion[], timezone: string): boolean {
  return exclusions.some((exclusion) => {
    if (exclusion.kind === "once") {
      return (
        instant >= whenClocksShow(exclusion.from, timezone) &&
        instant < whenClocksShow(exclusion.to, timezone)
      );
    }
    const days = Math.ceil(exclusion.forMs / dayMs) + 1;
    for (let offset = -days; offset <= 1; offset += 1) {
      const date = new Date(Date.parse(clock(instant, timezone).slice(0, 10)) + offset * dayMs);
      if (!exclusion.weekdays.some((weekday) => weekday % 7 === date.getUTCDay())) continue;
      const start = whenClocksShow(`${date.toISOString().slice(0, 10)}T${exclusion.at}`, timezone);
      if (instant >= start && instant < start + exclusion.forMs) return true;
    }
    return false;
  });
}

/** Good, bad, or nothing to the objective. */
function isGood(run: Run, objective: Objective): boolean | null {
  if (objective.kind === "success") return run.isSuccessful;
  if (objective.kind !== "duration") throw new Error(`no second way for ${objective.kind}`);
  if (!run.isSuccessful) return objective.failed === "exclude" ? null : false;
  return run.elapsedMs <= objective.atMostMs;
}

/** Good and total of a week, with exclusions or without. */
export function countsOf(weekId: string, objective: Objective, input: ScoringInput, withExclusions: boolean) {
  const { exclusions, timezone } = input.agreement;
  let good = 0;
  let total = 0;
  for (const run of input.runsOf.get(objective.pipeline.uuid) ?? []) {
    const finish = run.finishedAt.getTime();
    const runIsGood = isGood(run, objective);
    if (runIsGood === null || isoWeekAt(finish, timezone) !== weekId) continue;
    if (withExclusions && isExcluded(finish, exclusions, timezone)) continue;
    total += 1;
    if (runIsGood) good += 1;
  }
  return { good, total };
}

/** Every half hour of the last 15 weeks up to the week's end, by the ISO week it lies in. */
export function halfHoursByWeek({ agreement, week }: ScoringInput): Map<string, number[]> {
  const halfHours = Array.from(
    { length: 15 * 7 * 48 },
    (_, index) => week.end.getTime() - (index + 1) * 2 * quarterMs,
  );
  return Map.groupBy(halfHours.toReversed(), (instant) => isoWeekAt(instant, agreement.timezone));
}

/** Whether nothing of the week is missing or in doubt. */
export function isWhole(
  halfHours: readonly number[],
  objective: Objective,
  { asOf, coverage }: ScoringInput,
): boolean {
  const syncedThrough = coverage.syncedThrough.get(objective.pipeline.uuid)?.getTime() ?? -Infinity;
  const disputed = new Set(coverage.disputedDays.get(objective.pipeline.uuid));
  return halfHours.every(
    (instant) =>
      instant >= coverage.historyStart.getTime() &&
      (instant >= asOf.getTime() || instant < syncedThrough) &&
      !disputed.has(new Date(instant).toISOString().slice(0, 10)),
  );
}

/** Whether the week's Monday is the first day of the agreement or a later one. */
export function isInForce([first = 0]: readonly number[], { agreement }: ScoringInput): boolean {
  return clock(first, agreement.timezone).slice(0, 10) >= agreement.effectiveFrom;
}

/** A bad run opens an incident when the counted run before it, if any, was good. */
export function incidentsOf(objective: Objective, input: ScoringInput) {
  const { effectiveFrom, exclusions, timezone } = input.agreement;
  const counted = [...(input.runsOf.get(objective.pipeline.uuid) ?? [])]
    .filter((run) => isGood(run, objective) !== null)
    .filter((run) => clock(run.finishedAt.getTime(), timezone).slice(0, 10) >= effectiveFrom)
    .filter((run) => !isExcluded(run.finishedAt.getTime(), exclusions, timezone))
    .toSorted(
      (a, b) => a.finishedAt.getTime() - b.finishedAt.getTime() || a.runUuid.localeCompare(b.runUuid),
    );
  const goods = counted.map((run) => isGood(run, objective));
  return counted.flatMap((run, index) => {
    if (goods[index] || goods[index - 1] === false) return [];
    const nextGood = goods.indexOf(true, index);
    return [
      {
        openedAt: run.finishedAt,
        closedAt: counted[nextGood]?.finishedAt ?? null,
        badEvents: (nextGood === -1 ? goods.length : nextGood) - index,
        errorMessage: run.errorMessage,
      },
    ];
  });
}

function asUtc(shown: string): number {
  return Date.parse(`${shown.replace(" ", "T")}Z`);
}
