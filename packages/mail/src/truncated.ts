/** The items of a list that the mail has room for; the workbook has all of them. */
export interface Truncated<Item> {
  items: readonly Item[];
  omitted: number;
}

/** An item that is no more than a sentence. */
export interface Line {
  /** What it is about. */
  lead: string | null;
  rest: string;
}

/** The first `most` of a list, each made an item. */
export function truncated<From, Item>(
  all: readonly From[],
  most: number,
  toItem: (one: From) => Item,
): Truncated<Item> {
  return { items: all.slice(0, most).map(toItem), omitted: Math.max(0, all.length - most) };
}
