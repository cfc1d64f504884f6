/** Stretches of time. Instants are compared as numbers: it is done for every run, and Dates are several times slower. */
import { microsOf, type Micros } from "./micros.ts";
import { firstIndex } from "./binary-search.ts";

/** Half open: `start <= instant < end`. Of the calendar's `Date`s, or of microseconds, in which time is summed. */
export interface Interval<Instant extends Date | Micros = Date> {
  start: Instant;
  end: Instant;
}

export function contains({ start, end }: Interval, instant: Date): boolean {
  const at = instant.getTime();
  return at >= start.getTime() && at < end.getTime();
}

export function inMicros({ start, end }: Interval): Interval<Micros> {
  return { start: microsOf(start), end: microsOf(end) };
}

/** The time that both have; it ends where it starts, or before, when they have none. */
export function intersection<Instant extends Date | Micros>(
  a: Interval<Instant>,
  b: Interval<Instant>,
): Interval<Instant> {
  return { start: later(a.start, b.start), end: earlier(a.end, b.end) };
}

/** What is left of an interval when others, in order and without overlap, are cut out of it. */
export function without<Instant extends Date | Micros>(
  { start, end }: Interval<Instant>,
  cuts: readonly Interval<Instant>[],
): Interval<Instant>[] {
  const rest: Interval<Instant>[] = [];
  let from = start;
  for (
    let index = firstIndex(cuts, (cut) => cut.end.valueOf() > start.valueOf());
    from.valueOf() < end.valueOf();
    index += 1
  ) {
    const cut = cuts[index] ?? { start: end, end };
    const piece = { start: from, end: earlier(cut.start, end) };
    if (piece.start.valueOf() < piece.end.valueOf()) rest.push(piece);
    from = cut.end;
  }
  return rest;
}

/** In microseconds. */
export function lengthOf(intervals: readonly Interval<Micros>[]): number {
  return intervals.reduce((sum, { start, end }) => sum + Math.max(end - start, 0), 0);
}

export function later<Instant extends Date | Micros>(a: Instant, b: Instant): Instant {
  return a.valueOf() > b.valueOf() ? a : b;
}

export function earlier<Instant extends Date | Micros>(a: Instant, b: Instant): Instant {
  return a.valueOf() < b.valueOf() ? a : b;
}
