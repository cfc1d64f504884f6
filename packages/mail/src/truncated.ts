/** What of a list there is room for; the rest is told in the workbook only. */
export interface Listed<Item> {
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
export function listed<From, Item>(
  all: readonly From[],
  most: number,
  toItem: (one: From) => Item,
): Listed<Item> {
  return { items: all.slice(0, most).map(toItem), omitted: Math.max(0, all.length - most) };
}
