import type { Micros } from "./micros.ts";

/**
 * Where a condition begins to hold in a list in which, once it holds, it holds for all that follow; the list's length
 * where it never does. Found by halving.
 */
export function firstIndex<Item>(items: readonly Item[], holds: (item: Item) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item === undefined || holds(item)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The items of a list in order of time that lie in `start <= at < end`. */
export function itemsIn<Item>(
  items: readonly Item[],
  at: (item: Item) => Micros,
  { start, end }: { start: Micros; end: Micros },
): Item[] {
  return items.slice(
    firstIndex(items, (item) => at(item) >= start),
    firstIndex(items, (item) => at(item) >= end),
  );
}
