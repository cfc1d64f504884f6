import { firstIndex } from "../calendar/binary-search.ts";
import { lengthOf, type Interval } from "../calendar/interval.ts";
import type { Micros } from "../calendar/micros.ts";

/**
 * How much of `pieces`, in order and without overlap, spans of one length can cover that begin somewhere in `within`: the
 * most that `count` of them can together. Exact, but where there are too many places to try: then what they could cover
 * if nothing stood in their way.
 */
export function mostCovered(
  pieces: readonly Interval<Micros>[],
  within: Interval<Micros>,
  length: Micros,
  count: number,
): Micros {
  const unhindered = Math.min(count * length, lengthOf(pieces));
  // More of them than follow one another cover no more than one at each end of what these leave.
  const used = Math.min(count, Math.ceil((within.end - within.start) / length) + 1);
  const starts = candidates(pieces, within, length, used);
  if (used <= 0) return 0;
  if (starts === null || starts.length ** 2 * used > MOST_STEPS) return unhindered;
  const before = lengthBefore(pieces);
  const gain = (start: Micros, from: Micros) => before(start + length) - before(Math.max(start, from));
  // By the place of the last one: the most that so many cover.
  let covered = starts.map((start) => gain(start, start));
  for (let number = 1; number < used; number += 1) {
    covered = starts.map((start, place) =>
      starts
        .slice(0, place)
        .reduce(
          (most, other, index) => Math.max(most, (covered[index] ?? 0) + gain(start, other + length)),
          covered[place] ?? 0,
        ),
    );
  }
  return Math.max(0, ...covered);
}

/** The least that one of them can cover. */
export function leastCovered(
  pieces: readonly Interval<Micros>[],
  within: Interval<Micros>,
  length: Micros,
): Micros {
  const before = lengthBefore(pieces);
  const edges = pieces.flatMap(({ start, end }) => [start, end, start - length, end - length]);
  const starts = [within.start, within.end - 1, ...edges].filter((start) => isWithin(start, within));
  return Math.min(...starts.map((start) => before(start + length) - before(start)));
}

/** A second at the most. */
const MOST_STEPS = 20_000_000;

/**
 * Where spans begin that cover most: any other can be moved, together with those that it touches, until one of them
 * begins with a piece or at an end of `within`, and covers no less. `null` where there are too many.
 */
function candidates(
  pieces: readonly Interval<Micros>[],
  within: Interval<Micros>,
  length: Micros,
  count: number,
): Micros[] | null {
  const anchors = [within.start, within.end - 1, ...pieces.map(({ start }) => start)];
  const steps = Array.from({ length: 2 * count - 1 }, (_, index) => (index - count + 1) * length);
  if (anchors.length * steps.length > MOST_STEPS / 1000) return null;
  const starts = anchors.flatMap((anchor) => steps.map((step) => anchor + step));
  return [...new Set(starts.filter((start) => isWithin(start, within)))].toSorted((a, b) => a - b);
}

function isWithin(instant: Micros, { start, end }: Interval<Micros>): boolean {
  return instant >= start && instant < end;
}

/** How much of the pieces lies before an instant. */
function lengthBefore(pieces: readonly Interval<Micros>[]): (instant: Micros) => Micros {
  let sum = 0;
  const sums = pieces.map(({ start, end }) => (sum += end - start));
  return (instant) => {
    const index = firstIndex(pieces, ({ end }) => end > instant);
    const { start = instant } = pieces[index] ?? {};
    return (sums[index - 1] ?? 0) + Math.max(instant - start, 0);
  };
}
