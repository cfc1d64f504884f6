import { startOf, endOf, type Day } from "../windows/days.ts";
import type { LogWindow } from "../windows/windows.ts";
import type { Figures } from "../../statistics/figures.ts";
import type { RowsOfASecond } from "../../statistics/stored-figures.ts";

/**
 * Windows in which a pipeline's failed task runs do not outnumber its runs, so that the source's figures there do tell
 * whether rows are missing, on days whose own figures do not.
 */

/** A day as it is stored. */
export interface StoredDay {
  day: Day;
  stored: Figures;
  /** Whether its own figures leave open if rows are missing. */
  isHazy: boolean;
  /** Whether a window may reach over it: it has ended, and nothing on it is known to be missing. */
  isWhole: boolean;
}

export interface TellingWindow extends LogWindow {
  /** The hazy days that it tells of. */
  days: Day[];
  /** Whether it has more runs than failed rows: with as many, its figures can by chance be another period's. */
  isSure: boolean;
}

/** So many days on either side are taken in, at most: the longer a window, the shorter a run must be not to show. */
const REACH = 7;

/**
 * Windows of whole days that hold a hazy day and as many better ones as it takes: one request tells of an outage. And
 * the hazy days of which that can not be had.
 *
 * @param days consecutive, in order.
 */
export function widenedWindows(days: readonly StoredDay[]): { windows: TellingWindow[]; left: Day[] } {
  const windows: TellingWindow[] = [];
  const left: Day[] = [];
  for (let index = 0; index < days.length; index += 1) {
    const day = days[index];
    if (!day?.isHazy || !day.isWhole) {
      continue;
    }
    const taken = widened(days, index);
    const [first, last] = [taken[0], taken.at(-1)];
    if (first === undefined || last === undefined) {
      left.push(day.day);
      continue;
    }
    const hazy = taken.filter(({ isHazy }) => isHazy).map((each) => each.day);
    windows.push({ from: startOf(first.day), to: endOf(last.day), days: hazy, isSure: true });
    index = days.indexOf(last);
  }
  return { windows, left };
}

/** The fewest whole days around one that have a success among them; empty when there are none. */
function widened(days: readonly StoredDay[], index: number): StoredDay[] {
  let [first, last] = [index, index];
  let successes = days[index]?.stored.successes ?? 0;
  const take = (next: number): boolean => {
    const day = days[next];
    if (successes > 0 || !day?.isWhole || Math.abs(next - index) > REACH) {
      return false;
    }
    successes += day.stored.successes;
    return true;
  };
  let grows = true;
  while (grows) {
    const growsBack = take(first - 1);
    first -= growsBack ? 1 : 0;
    const growsOn = take(last + 1);
    last += growsOn ? 1 : 0;
    grows = growsBack || growsOn;
  }
  return successes > 0 ? days.slice(first, last + 1) : [];
}

/** So many different seconds a part holds at most, so that looking for one does not take long. */
const LONGEST = 200;

/**
 * Cuts a window up where its rows lie, as far as it takes and goes: first into the longest parts that have more runs than
 * failed rows, whose figures are sure; then what is left into the longest that have as many. Seconds that have more
 * failed rows by themselves are in no part, though the time after them is, in which no rows are stored.
 *
 * @param rows of the window, in order.
 */
export function cutWindows(
  window: LogWindow,
  rows: readonly RowsOfASecond[],
): (LogWindow & { isSure: boolean })[] {
  const groups = [...Map.groupBy(rows, ({ second }) => second).values()];
  const all = { first: 0, last: groups.length };
  const sure = partsOf(groups, all, (failures, runs) => failures < runs);
  const unsure = gapsIn(sure, all).flatMap((gap) =>
    partsOf(groups, gap, (failures, runs) => failures <= runs),
  );
  const partAt = new Map<number, Part & { isSure: boolean }>([
    ...sure.map((part) => [part.first, { ...part, isSure: true }] as const),
    ...unsure.map((part) => [part.first, { ...part, isSure: false }] as const),
  ]);
  const end = window.to.getTime() / SECOND_MS;
  /** The last whole second before the group at an index; the window's end after the last. */
  const before = (index: number): number => (groups[index]?.[0]?.second ?? end + 1) - 1;
  const windows: (LogWindow & { isSure: boolean })[] = [];
  const add = (from: number, to: number, isSure: boolean): void => {
    if (from < to) {
      windows.push({ from: new Date(from * SECOND_MS), to: new Date(to * SECOND_MS), isSure });
    }
  };
  let from = window.from.getTime() / SECOND_MS;
  for (let index = 0; index < groups.length;) {
    const part = partAt.get(index);
    if (part) {
      add(Math.min(from, before(index)), before(part.last), part.isSure);
      from = before(part.last);
      index = part.last;
    } else {
      add(from, before(index), true);
      from = before(index) + 2;
      index += 1;
    }
  }
  add(from, end, true);
  return windows;
}

const SECOND_MS = 1000;

/** Groups by index: `last` is not in it. */
interface Part {
  first: number;
  last: number;
}

/** One after the other, the longest parts within another that are sound. */
function partsOf(
  groups: readonly (readonly RowsOfASecond[])[],
  { first, last }: Part,
  isSound: (failures: number, runs: number) => boolean,
): Part[] {
  const parts: Part[] = [];
  for (let index = first; index < last;) {
    const runs = new Set<string>();
    let failures = 0;
    let end = index;
    for (let next = index; next < Math.min(last, index + LONGEST); next += 1) {
      for (const row of groups[next] ?? []) {
        runs.add(row.run);
        failures += row.failures;
      }
      end = isSound(failures, runs.size) ? next + 1 : end;
    }
    if (end > index) {
      parts.push({ first: index, last: end });
    }
    index = Math.max(end, index + 1);
  }
  return parts;
}

function gapsIn(parts: readonly Part[], { first, last }: Part): Part[] {
  const starts = [first, ...parts.map((part) => part.last)];
  const ends = [...parts.map((part) => part.first), last];
  return starts.map((start, index) => ({ first: start, last: ends[index] ?? last }));
}
