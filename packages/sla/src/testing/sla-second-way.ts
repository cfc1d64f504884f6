/**
 * The definitions of an objective worked out a second, naive way: clocks are read through `Intl` as text, local times
 * are found by walking along them, and every figure is a loop over all runs, days or moments. It shares no code with what it checks.
 * Clocks are read at milliseconds; everything else is in microseconds.
 */
import type { Calendar, DaySelection, Exclusion, Objective } from "@runledger/config";
import type { Run } from "../runs/run.ts";
import type { ScoringCase } from "./sla-fixture.ts";

const quarterMs = 15 * 60_000;
const quarterMicros = quarterMs * 1000;
const dayMs = 24 * 3_600_000;

/** What clocks show: `2026-03-14 22:00:00`. */
function clock(instant: number, timezone: string): string {
  const { format, read } = clocks.get(timezone) ?? newClock(timezone);
  const shown = read.get(instant) ?? format.format(instant);
  read.set(instant, shown);
  return shown;
}

/** The clocks of each zone with all that was read from them: reading one takes long. */
const clocks = new Map<string, ReturnType<typeof newClock>>();

function newClock(timezone: string) {
  const format = new Intl.DateTimeFormat("sv-SE", {
    timeZone: timezone,
    dateStyle: "short",
    timeStyle: "medium",
  });
  const created = { format, read: new Map<number, string>() };
  clocks.set(timezone, created);
  return created;
}

/** Walks along the clocks to the first instant at which they show `local` or, when they skip it, more. */
export function whenClocksShow(local: string, timezone: string): number {
  const key = `${local} ${timezone}`;
  const instant = walks.get(key) ?? walkTo(local, timezone);
  walks.set(key, instant);
  return instant;
}

const walks = new Map<string, number>();

function walkTo(local: string, timezone: string): number {
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

/** When clocks show it, in microseconds. */
function microsAt(local: string, timezone: string): number {
  return whenClocksShow(local, timezone) * 1000;
}

function dateAt(instant: number, timezone: string): string {
  return clock(Math.floor(instant / 1000), timezone).slice(0, 10);
}

export function isExcluded(instant: number, exclusions: readonly Exclusion[], timezone: string): boolean {
  const date = dateAt(instant, timezone);
  const known = stretches.get(exclusions) ?? new Map<string, Stretch[]>();
  stretches.set(exclusions, known);
  const about = known.get(date) ?? exclusions.flatMap((each) => stretchesAbout(date, each, timezone));
  known.set(date, about);
  return about.some(({ start, end }) => instant >= start && instant < end);
}

interface Stretch {
  start: number;
  end: number;
}

const stretches = new WeakMap<readonly Exclusion[], Map<string, Stretch[]>>();

/** When an exclusion holds, at least as far as the date is concerned. */
function stretchesAbout(date: string, exclusion: Exclusion, timezone: string): Stretch[] {
  if (exclusion.kind === "once") {
    const [start, end] = [exclusion.from, exclusion.to].map((local) => {
      const on = local.slice(0, 10);
      return microsAt(isShown(on, timezone) ? local : `${dayAfter(on, 1)}T00:00`, timezone);
    });
    return [{ start: start ?? Number.NaN, end: end ?? Number.NaN }];
  }
  const days = Math.ceil(exclusion.forMs / dayMs) + 1;
  return Array.from({ length: days + 2 }, (_, index) => dayAfter(date, index - days))
    .filter((each) => isShown(each, timezone))
    .filter((each) => exclusion.weekdays.some((weekday) => weekday % 7 === new Date(each).getUTCDay()))
    .map((each) => microsAt(`${each}T${exclusion.at}`, timezone))
    .map((start) => ({ start, end: start + exclusion.forMs * 1000 }));
}

/** Good or bad at an instant; it belongs to the week that `weekAt` lies in. */
interface Event {
  at: number;
  weekAt: number;
  /** A day that is good before it is due closes an incident, and does not count yet. */
  isDecided: boolean;
  isGood: boolean;
  isExcluded: boolean;
  error: string | null;
}

/** What the objective counts, in order of time; freshness counts something else. */
function eventsOf(objective: Objective, input: ScoringCase): Event[] {
  switch (objective.kind) {
    case "success":
    case "duration":
      return runEvents(objective, input);
    case "deadline":
      return deadlineDays(objective, input)
        .filter(({ isPending, isGood: isServed }) => isServed || !isPending)
        .map((day) => ({
          at: day.isGood ? Number(day.completedAt) : Math.min(day.dueAt, day.closesAt),
          weekAt: day.by,
          isDecided: !day.isPending,
          isGood: day.isGood,
          isExcluded: day.isExcluded,
          error: day.attempts.find((run) => !run.isSuccessful)?.errorMessage ?? null,
        }));
    case "volume":
      return volumeEvents(objective, input);
    case "freshness":
      throw new Error("freshness counts no events");
  }
}

function runEvents(objective: Objective, input: ScoringCase): Event[] {
  const { exclusions, timezone } = input.agreement;
  return knownRuns(objective, input)
    .filter((run) => isGood(run, objective) !== null && run.finishedAt < input.week.end.getTime() * 1000)
    .map((run) => ({
      at: run.finishedAt,
      weekAt: run.finishedAt,
      isDecided: true,
      isGood: isGood(run, objective) === true,
      isExcluded: isExcluded(run.finishedAt, exclusions, timezone),
      error: run.errorMessage,
    }));
}

/** What the history may be believed to have, in order: up to as-of and up to where it is synced. */
function knownRuns({ pipeline }: Objective, { asOf, runsOf, coverage }: ScoringCase): Run[] {
  const syncedThrough = coverage.syncedThrough.get(pipeline.uuid)?.getTime() ?? -Infinity;
  return [...(runsOf.get(pipeline.uuid) ?? [])]
    .filter((run) => run.finishedAt <= asOf.getTime() * 1000 && run.finishedAt <= syncedThrough * 1000)
    .toSorted((a, b) => a.finishedAt - b.finishedAt || a.runUuid.localeCompare(b.runUuid));
}

/** The last date before another that clocks in the zone show: in Samoa 29 December 2011 for the 31st. */
function dateShownBefore(date: string, timezone: string): string {
  const before = dayAfter(date, -1);
  return isShown(before, timezone) ? before : dateShownBefore(before, timezone);
}

function isShown(date: string, timezone: string): boolean {
  return dateAt(microsAt(`${date}T12:00`, timezone), timezone) === date;
}

/** From when on anything counts. */
export function countsFrom({ agreement, coverage }: ScoringCase): number {
  return Math.max(
    microsAt(`${agreement.effectiveFrom}T00:00`, agreement.timezone),
    coverage.historyStart.getTime() * 1000,
  );
}

/** Good or bad; `null` when the run does not count. */
function isGood(run: Run, objective: Objective): boolean | null {
  if (objective.kind !== "duration") return run.isSuccessful;
  if (!run.isSuccessful) return objective.failed === "exclude" ? null : false;
  return run.elapsedMs <= objective.atMostMs;
}

/** Every day looked at and the day after on which a run is due, each looking through all runs for its own. */
export function deadlineDays(objective: Extract<Objective, { kind: "deadline" }>, input: ScoringCase) {
  const { agreement, week, asOf } = input;
  const { by, opens, graceMs, on } = objective;
  const { timezone, calendar, exclusions } = agreement;
  const opensBefore = opens < by ? 0 : 1;
  return [...datesOf(week), mondayAfter(week)]
    .filter((date) => isDue(date, on, calendar) && !holidaysIn(calendar).has(date))
    .filter((date) => date >= agreement.effectiveFrom)
    .map((date) => {
      const byInstant = microsAt(`${date}T${by}`, timezone);
      const dateBefore = dateShownBefore(date, timezone);
      const dateAfter = dayAfter(date, 1);
      const byBefore = microsAt(`${dateBefore}T${by}`, timezone);
      const byAfter = microsAt(`${dateAfter}T${by}`, timezone);
      const openingDay = opensBefore === 0 ? date : dateBefore;
      const closingDay = opensBefore === 0 ? dateAfter : date;
      // Clocks that go forward can bring them into another order: no window overlaps another or lies after its `by`.
      const opensAt = median(byBefore, microsAt(`${openingDay}T${opens}`, timezone), byInstant);
      const closesAt = median(byInstant, microsAt(`${closingDay}T${opens}`, timezone), byAfter);
      const dueAt = Math.min(byInstant + graceMs * 1000, closesAt);
      const served = knownRuns(objective, input)
        .map((run) => ({ ...run, at: run.finishedAt }))
        .filter((run) => run.at >= opensAt && run.at < closesAt)
        .filter((run) => run.at < week.end.getTime() * 1000 || run.at <= dueAt);
      const completed = served.find((run) => run.isSuccessful);
      const isOnTime = served.some((run) => run.isSuccessful && run.at <= dueAt);
      const isInX = isExcluded(byInstant, exclusions, timezone);
      const times = stepsOf(opensAt, Math.min(dueAt, closesAt));
      const isPending =
        dueAt > asOf.getTime() * 1000 ||
        byInstant < countsFrom(input) ||
        (!isOnTime && !isKnown(times, objective, input));
      const failed = completed === undefined ? (served.length === 0 ? "no_run" : "missed") : "late";
      return {
        date,
        by: byInstant,
        opensAt,
        closesAt,
        dueAt,
        attempts: completed === undefined ? served : served.slice(0, served.indexOf(completed) + 1),
        completedAt: completed?.at ?? null,
        isGood: isOnTime,
        isExcluded: isInX,
        isPending,
        status: isInX ? "excused" : isPending ? "pending" : isOnTime ? "on_time" : failed,
      };
    });
}

function median(...three: [number, number, number]): number {
  return three.toSorted((one, other) => one - other)[1] ?? Number.NaN;
}

/** A day counts its successes by what clocks show at their finish. */
function volumeEvents(objective: Extract<Objective, { kind: "volume" }>, input: ScoringCase): Event[] {
  const { on, atLeast } = objective;
  const { agreement, week, asOf } = input;
  const { timezone, calendar, exclusions } = agreement;
  return datesOf(week)
    .filter((date) => isDue(date, on, calendar) && dateAt(asOf.getTime() * 1000, timezone) > date)
    .flatMap((date) => {
      const start = microsAt(`${date}T00:00`, timezone);
      if (start < countsFrom(input)) return [];
      const runs = knownRuns(objective, input).filter((run) => dateAt(run.finishedAt, timezone) === date);
      const quarters = Array.from({ length: 26 * 4 }, (_, index) => start + index * quarterMicros).filter(
        (instant) => dateAt(instant, timezone) === date,
      );
      const isEnough = runs.filter((run) => run.isSuccessful).length >= atLeast;
      if (!isEnough && !isKnown(quarters, objective, input)) return [];
      return {
        at: start,
        weekAt: start,
        isDecided: true,
        isGood: isEnough,
        isExcluded: quarters.every((instant) => isExcluded(instant, exclusions, timezone)),
        error: runs.find((run) => !run.isSuccessful)?.errorMessage ?? null,
      };
    });
}

/**
 * The dates looked at: those of the week, and of the 39 weeks before it, more than any history here has; but for any that
 * clocks never show.
 */
function datesOf({ id, timezone, start }: ScoringCase["week"]): string[] {
  const monday = clock(start.getTime(), timezone).slice(0, 10);
  if (isoWeekAt(start.getTime(), timezone) !== id) throw new Error("the week starts elsewhere");
  return Array.from({ length: 40 * 7 }, (_, index) => dayAfter(monday, index - 39 * 7)).filter((date) =>
    clock(whenClocksShow(`${date}T12:00`, timezone), timezone).startsWith(date),
  );
}

function mondayAfter(week: ScoringCase["week"]): string {
  return dayAfter(datesOf(week).at(-1) ?? "", 1);
}

function isDue(date: string, on: DaySelection, calendar: Calendar): boolean {
  if (on.kind === "daily") return true;
  const weekday = new Date(date).getUTCDay() || 7;
  if (on.kind === "weekdays") return on.weekdays.some((each) => each === weekday);
  return calendar.workdays.some((each) => each === weekday) && !holidaysIn(calendar).has(date);
}

/** For calendars of single days only. */
function holidaysIn({ holidays }: Calendar): Set<string> {
  return new Set(holidays?.events.map(({ start }) => new Date(start * dayMs).toISOString().slice(0, 10)));
}

function dayAfter(date: string, days: number): string {
  return new Date(Date.parse(date) + days * dayMs).toISOString().slice(0, 10);
}

/** Good and total of a week, with exclusions or without. */
export function countsOf(weekId: string, objective: Objective, input: ScoringCase, withExclusions: boolean) {
  if (objective.kind === "freshness") return freshSeconds(weekId, objective, input, withExclusions);
  const { timezone } = input.agreement;
  let good = 0;
  let total = 0;
  for (const event of eventsOf(objective, input)) {
    if (!event.isDecided || event.weekAt < countsFrom(input)) continue;
    if (isoWeekAt(event.weekAt / 1000, timezone) !== weekId) continue;
    if (withExclusions && event.isExcluded) continue;
    total += 1;
    if (event.isGood) good += 1;
  }
  return { good, total };
}

type Freshness = Extract<Objective, { kind: "freshness" }>;

function freshSeconds(weekId: string, objective: Freshness, input: ScoringCase, withExclusions: boolean) {
  let good = 0;
  let total = 0;
  for (const moment of momentsOf(objective, input).filter((each) => each.weekId === weekId)) {
    if (withExclusions && moment.isExcluded) continue;
    total += moment.end - moment.start;
    if (moment.isFresh) good += moment.end - moment.start;
  }
  return { good: good / 1_000_000, total: total / 1_000_000 };
}

/**
 * The time that counts, up to as-of, in moments within which nothing changes: cut at every quarter of an hour, at which
 * weeks and exclusions start and end, at every success and at every success's end of freshness.
 */
function momentsOf(objective: Freshness, input: ScoringCase): Moment[] {
  const { pipeline, maxAgeMs } = objective;
  const known = moments.get(input);
  if (known !== undefined) return known;
  const { agreement, week, asOf, latestSuccessBefore, coverage } = input;
  const { timezone, exclusions } = agreement;
  const carried = latestSuccessBefore.get(pipeline.uuid) ?? undefined;
  const origin = countsFrom(input);
  const successes = successesOf(objective, input);
  const latestAt = (instant: number) => {
    const latest = Math.max(...successes.filter((success) => success <= instant), carried ?? -Infinity);
    return latest === -Infinity ? origin : latest;
  };

  const syncedThrough = coverage.syncedThrough.get(pipeline.uuid)?.getTime() ?? 0;
  const end = Math.min(week.end.getTime(), asOf.getTime(), syncedThrough) * 1000;
  const monday = microsAt(`${datesOf(week)[0]}T00:00`, timezone);
  const start = Math.max(monday, origin);
  const quarters = Array.from(
    { length: Math.max(Math.ceil((end - monday) / quarterMicros), 0) },
    (_, index) => monday + index * quarterMicros,
  ).filter((quarter) => quarter >= start);
  const changes = [...successes, carried ?? origin].flatMap((from) => [from, from + maxAgeMs * 1000]);
  const cuts = [...new Set([start, ...quarters, ...changes, end])]
    .filter((cut) => cut >= start && cut <= end)
    .toSorted((a, b) => a - b);
  const all = cuts.slice(1).map((cut, index) => {
    const from = cuts[index] ?? 0;
    return {
      start: from,
      end: cut,
      weekId: isoWeekAt(Math.floor(from / 1000), timezone),
      isExcluded: isExcluded(from, exclusions, timezone),
      since: latestAt((from + cut) / 2),
      isFresh: (from + cut) / 2 - latestAt((from + cut) / 2) <= maxAgeMs * 1000,
    };
  });
  moments.set(input, all);
  return all;
}

function successesOf(objective: Objective, input: ScoringCase): number[] {
  return knownRuns(objective, input)
    .filter((run) => run.isSuccessful)
    .map((run) => run.finishedAt);
}

interface Moment extends Stretch {
  weekId: string;
  isExcluded: boolean;
  /** The latest success. */
  since: number;
  isFresh: boolean;
}

const moments = new WeakMap<ScoringCase, Moment[]>();

/** Every half hour of the last 15 weeks up to the week's end, by the ISO week it lies in. */
export function halfHoursByWeek({ agreement, week }: ScoringCase): Map<string, number[]> {
  const halfHours = Array.from(
    { length: 15 * 7 * 48 },
    (_, index) => week.end.getTime() - (index + 1) * 2 * quarterMs,
  );
  return Map.groupBy(halfHours.toReversed(), (instant) => isoWeekAt(instant, agreement.timezone));
}

/** Whether nothing of the week, or of the time in which runs serve its deadlines, is missing or in doubt. */
export function isWhole(halfHours: readonly number[], objective: Objective, input: ScoringCase): boolean {
  const { timezone } = input.agreement;
  const weekId = isoWeekAt(halfHours[0] ?? 0, timezone);
  const days = objective.kind === "deadline" ? deadlineDays(objective, input) : [];
  const ofDeadlines = days
    .filter(({ by }) => isoWeekAt(by / 1000, timezone) === weekId)
    .flatMap(({ opensAt, dueAt, closesAt }) => stepsOf(opensAt, Math.min(dueAt, closesAt)));
  return isKnown([...halfHours.map((instant) => instant * 1000), ...ofDeadlines], objective, input);
}

function isKnown(instants: readonly number[], { pipeline }: Objective, { asOf, coverage }: ScoringCase) {
  const syncedThrough = coverage.syncedThrough.get(pipeline.uuid)?.getTime() ?? -Infinity;
  const disputed = coverage.disputedDays.get(pipeline.uuid) ?? [];
  return instants.every(
    (instant) =>
      instant >= coverage.historyStart.getTime() * 1000 &&
      (instant >= asOf.getTime() * 1000 || instant < syncedThrough * 1000) &&
      !disputed.some((day) => dateAt(instant, "UTC") === day),
  );
}

function stepsOf(start: number, end: number): number[] {
  const count = Math.max(Math.ceil((end - start) / 300_000_000), 0);
  return Array.from({ length: count }, (_, index) => start + index * 300_000_000);
}

/** Whether the week's Monday is the first day of the agreement or a later one. */
export function isInForce([first = 0]: readonly number[], { agreement }: ScoringCase): boolean {
  return clock(first, agreement.timezone).slice(0, 10) >= agreement.effectiveFrom;
}

/**
 * A bad event opens an incident when the counted event before it, if any, was good. Incidents that open at the same
 * instant are one.
 */
export function incidentsOf(objective: Objective, input: ScoringCase) {
  if (objective.kind === "freshness") return staleIncidents(objective, input);
  const counted = eventsOf(objective, input)
    .filter(({ at, weekAt }) => weekAt >= countsFrom(input) && at < input.week.end.getTime() * 1000)
    .filter((event) => !event.isExcluded);
  const opened = counted.flatMap((event, index) => {
    if (event.isGood || counted[index - 1]?.isGood === false) return [];
    const nextGood = counted.findIndex((each, later) => later > index && each.isGood);
    const closedAt = counted[nextGood]?.at;
    return [
      {
        openedAt: event.at,
        closedAt: closedAt ?? null,
        badEvents: (nextGood === -1 ? counted.length : nextGood) - index,
        errorMessage: event.error,
      },
    ];
  });
  return opened.flatMap((incident, index) => {
    const together = opened.filter(({ openedAt }) => openedAt === incident.openedAt);
    if (opened.indexOf(together[0] ?? incident) !== index) return [];
    const badEvents = together.reduce((sum, each) => sum + each.badEvents, 0);
    return [{ ...incident, closedAt: together.at(-1)?.closedAt ?? null, badEvents }];
  });
}

/** A stale moment that counts opens an incident when there was a success since the last one. */
function staleIncidents(objective: Freshness, input: ScoringCase) {
  const all = momentsOf(objective, input);
  const end = all.at(-1)?.end ?? 0;
  const successes = successesOf(objective, input).filter((success) => success < end);
  const incidents: { openedAt: number; closedAt: number | null; badEvents: number }[] = [];
  const doubtful = new Set<number>();
  for (const { start, since, isFresh, isExcluded: isOut } of all) {
    if (isFresh || isOut || doubtful.has(since)) continue;
    const open = incidents.at(-1);
    if (open !== undefined && (open.closedAt === null || open.closedAt > start)) continue;
    const next = Math.min(...successes.filter((success) => success > start));
    if (!isKnown(stepsOf(since, Math.min(next, end)), objective, input)) {
      doubtful.add(since);
      continue;
    }
    incidents.push({
      openedAt: start,
      closedAt: next === Infinity ? null : next,
      badEvents: 1,
    });
  }
  return incidents;
}

function asUtc(shown: string): number {
  return Date.parse(`${shown.replace(" ", "T")}Z`);
}
