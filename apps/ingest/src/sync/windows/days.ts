/** A day in UTC, `YYYY-MM-DD`: the order of the text is the order of time. */
export type Day = string;

/** Consecutive days, both ends counted in. */
export interface DayRange {
  first: Day;
  last: Day;
}

export const DAY_MS = 86_400_000;

export function dayOf(instant: Date): Day {
  return instant.toISOString().slice(0, 10);
}

export function startOf(day: Day): Date {
  return new Date(`${day}T00:00:00Z`);
}

/** The first instant after the day. */
export function endOf(day: Day): Date {
  return startOf(addDays(day, 1));
}

export function addDays(day: Day, count: number): Day {
  return dayOf(new Date(startOf(day).getTime() + count * DAY_MS));
}

export function daysIn({ first, last }: DayRange): Day[] {
  const days: Day[] = [];
  for (let day = first; day <= last; day = addDays(day, 1)) {
    days.push(day);
  }
  return days;
}

/** Days in order, those that follow on each other made one range. */
export function rangesOf(days: readonly Day[]): DayRange[] {
  const ranges: DayRange[] = [];
  for (const day of days) {
    const range = ranges.at(-1);
    if (range && addDays(range.last, 1) === day) {
      range.last = day;
    } else {
      ranges.push({ first: day, last: day });
    }
  }
  return ranges;
}

/** The range in pieces of at most `size` days. */
export function chunksOf({ first, last }: DayRange, size: number): DayRange[] {
  const chunks: DayRange[] = [];
  for (let from = first; from <= last; from = addDays(from, size)) {
    const to = addDays(from, size - 1);
    chunks.push({ first: from, last: to < last ? to : last });
  }
  return chunks;
}
