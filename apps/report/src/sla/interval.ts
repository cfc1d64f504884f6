/** Stretches of time. Instants are compared as numbers: it is done for every run, and Dates are several times slower. */
import { firstIndex } from "./in-order.ts";

/** Half open: `start <= instant < end`. */
export interface Interval {
  start: Date;
  end: Date;
}

export function contains({ start, end }: Interval, instant: Date): boolean {
  const at = instant.getTime();
  return at >= start.getTime() && at < end.getTime();
}

/** The time that both have; it ends where it starts, or before, when they have none. */
export function intersection(a: Interval, b: Interval): Interval {
  return { start: later(a.start, b.start), end: earlier(a.end, b.end) };
}

/** What is left of an interval when others, in order and without overlap, are cut out of it. */
export function without({ start, end }: Interval, cuts: readonly Interval[]): Interval[] {
  const rest: Interval[] = [];
  let from = start;
  for (
    let index = firstIndex(cuts, (cut) => cut.end.getTime() > start.getTime());
    from.getTime() < end.getTime();
    index += 1
  ) {
    const cut = cuts[index] ?? { start: end, end };
    const piece = { start: from, end: earlier(cut.start, end) };
    if (piece.start.getTime() < piece.end.getTime()) rest.push(piece);
    from = cut.end;
  }
  return rest;
}

/** In milliseconds. */
export function lengthOf(intervals: readonly Interval[]): number {
  return intervals.reduce((sum, { start, end }) => sum + Math.max(end.getTime() - start.getTime(), 0), 0);
}

export function later(a: Date, b: Date): Date {
  return a.getTime() > b.getTime() ? a : b;
}

export function earlier(a: Date, b: Date): Date {
  return a.getTime() < b.getTime() ? a : b;
}
