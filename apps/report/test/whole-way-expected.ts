/** What the sandbox's script comes to, worked out by plain loops over it. Times are in milliseconds. */
import { MINUTE, runsInScript, type ScriptedRun } from "./whole-way-script.ts";

const DAY = 24 * 60 * MINUTE;
const OLDEST = 26 * 60 * MINUTE;
const DUE = 370 * MINUTE;

/** Until 29 March the clocks in Berlin are an hour ahead of UTC. */
export const inBerlin = (at: number): string => new Date(at + 60 * MINUTE).toISOString().slice(0, 19);

/** The week that starts on this Monday in Berlin. */
export function weekOf(monday: string): Week {
  const start = Date.parse(`${monday}T00:00:00+01:00`);
  return { start, end: start + 7 * DAY };
}

export interface Week {
  start: number;
  end: number;
}

export interface ExpectedIncident {
  openedAt: number;
  /** Null of one that is open at the week's end. */
  closedAt: number | null;
  badEvents: number;
}

interface Event {
  at: number;
  isGood: boolean;
}

const runs = runsInScript();
const orders = runs.filter(({ pipeline }) => pipeline === "orders");
const successes = runs.filter(({ pipeline, isGood }) => pipeline === "crm" && isGood);

const excludedHours = [
  { reason: "DB upgrade", start: Date.parse("2026-03-18T11:00:00Z") },
  { reason: "Move", start: Date.parse("2026-03-20T09:00:00Z") },
];

export function whyExcluded(at: number): string | null {
  return excludedHours.find(({ start }) => at >= start && at < start + 60 * MINUTE)?.reason ?? null;
}

export function finishedIn({ start, end }: Week): ScriptedRun[] {
  return runs.filter(({ finish }) => finish >= start && finish < end);
}

/** The first instants of a week's days. */
const daysOf = ({ start, end }: Week) =>
  Array.from({ length: (end - start) / DAY }, (_, index) => start + index * DAY);

const attemptsOn = (day: number): ScriptedRun[] =>
  runs.filter(({ pipeline, finish }) => pipeline === "crm" && finish >= day && finish < day + DAY);

/** The week's Monday to Friday, by six o'clock and ten minutes. */
export function dueDays(week: Week) {
  return daysOf(week)
    .slice(0, 5)
    .map((day) => {
      const attempts = attemptsOn(day);
      const success = attempts.find(({ isGood }) => isGood);
      const late = success === undefined ? 0 : success.finish - (day + DUE);
      const failed = attempts.length === 0 ? "no_run" : "missed";
      const status = success === undefined ? failed : late > 0 ? "late" : "on_time";
      return { day, due: day + DUE, attempts, success, late, status };
    });
}

const ordersEvents = (isGood: (run: ScriptedRun) => boolean) => (): Event[] =>
  orders
    .filter(({ finish }) => whyExcluded(finish) === null)
    .map((run) => ({ at: run.finish, isGood: isGood(run) }));

/** What is good or bad of each objective that counts runs or days, in a stretch of whole weeks. */
const eventsOf = {
  succeeds: ordersEvents(({ isGood }) => isGood),
  fast: ordersEvents(({ isGood, start, finish }) => isGood && finish - start <= 10 * MINUTE),
  "by-six": (weeks: readonly Week[]): Event[] =>
    weeks.flatMap(dueDays).map(({ due, success, status }) => {
      const isGood = status === "on_time";
      return { at: isGood ? (success?.finish ?? due) : due, isGood };
    }),
  enough: (weeks: readonly Week[]): Event[] =>
    weeks.flatMap(daysOf).map((day) => ({ at: day, isGood: attemptsOn(day).some(({ isGood }) => isGood) })),
};

export function countsOf(week: Week) {
  const count = (events: readonly Event[]) => {
    const inWeek = events.filter(({ at }) => at >= week.start && at < week.end);
    return { good: inWeek.filter(({ isGood }) => isGood).length, total: inWeek.length };
  };
  return {
    succeeds: count(eventsOf.succeeds()),
    fast: count(eventsOf.fast()),
    "by-six": count(eventsOf["by-six"]([week])),
    fresh: freshSeconds(week),
    enough: count(eventsOf.enough([week])),
  };
}

/** Looks at every second, and at whether it ends before the last success is too old. */
function freshSeconds({ start, end }: Week) {
  let [good, total] = [0, 0];
  for (let at = start; at < end; at += 1000) {
    if (whyExcluded(at) !== null) continue;
    total += 1;
    const last = successes.findLast(({ finish }) => finish <= at);
    if (last !== undefined && at + 1000 - last.finish <= OLDEST) good += 1;
  }
  return { good, total };
}

/** Bad ones up to the next good one, of all the weeks, as they are known at the end of the last. */
export function incidentsIn(weeks: readonly Week[]) {
  const end = weeks.at(-1)?.end ?? 0;
  return {
    succeeds: sequences(eventsOf.succeeds(), end),
    fast: sequences(eventsOf.fast(), end),
    "by-six": sequences(eventsOf["by-six"](weeks), end),
    fresh: staleTimes(end).map(({ from, to }) => ({ openedAt: from + OLDEST, closedAt: to, badEvents: 1 })),
    enough: sequences(eventsOf.enough(weeks), end),
  };
}

function sequences(events: readonly Event[], end: number): ExpectedIncident[] {
  const found: ExpectedIncident[] = [];
  let isOpen = false;
  for (const { at, isGood } of events.filter((event) => event.at < end)) {
    const last = found.at(-1);
    if (isGood && isOpen && last) last.closedAt = at;
    else if (!isGood && isOpen && last) last.badEvents += 1;
    else if (!isGood) found.push({ openedAt: at, closedAt: null, badEvents: 1 });
    isOpen = !isGood;
  }
  return found;
}

/** Times between two successes of `crm` that are longer than 26 hours. */
export function staleTimes(end: number): { from: number; to: number }[] {
  return successes.flatMap(({ finish: from }, index) => {
    const to = successes[index + 1]?.finish ?? end;
    return to < end && to - from > OLDEST ? [{ from, to }] : [];
  });
}

/** Of which so many percent took no longer. */
export function percentile(percent: number, pipeline: string, week: Week): number {
  const lengths = finishedIn(week)
    .filter((run) => run.pipeline === pipeline)
    .map(({ start, finish }) => finish - start)
    .toSorted((a, b) => a - b);
  return lengths[Math.ceil((lengths.length * percent) / 100) - 1] ?? 0;
}
