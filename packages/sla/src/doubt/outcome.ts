/** Bad ones, and all, of what an objective counts. */
export interface Counts {
  bad: number;
  total: number;
}

/** How much a bad one more, and one more in all, are worth to whoever looks for the outcome that is worth most. */
export type Worth = Counts;

/**
 * By how much the counts of a week, those of the stored rows, would change in the outcome that is worth most; `null`
 * where no outcome fits what is stored.
 */
export type Furthest = (worth: Worth) => Counts | null;

export const nothing: Counts = { bad: 0, total: 0 };

/** What counts are worth. */
export function valueOf({ bad, total }: Counts, worth: Worth): number {
  return bad * worth.bad + total * worth.total;
}

export function plus(a: Counts, b: Counts): Counts {
  return { bad: a.bad + b.bad, total: a.total + b.total };
}

export function times(number: number, { bad, total }: Counts): Counts {
  return number === 0 ? nothing : { bad: number * bad, total: number * total };
}
