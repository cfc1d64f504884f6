import fc from "fast-check";

const HORIZON = 24;

/** Pieces as the places that they cover, so that they need not be put in order. */
export const places = fc.array(fc.boolean(), { minLength: HORIZON, maxLength: HORIZON });
export const within = fc
  .tuple(fc.nat(8), fc.integer({ min: 1, max: 12 }))
  .map(([start, length]) => ({ start, end: start + length }));

export function piecesOf(covered: readonly boolean[]) {
  const pieces: { start: number; end: number }[] = [];
  for (const [place, isCovered] of covered.entries()) {
    const last = pieces.at(-1);
    if (isCovered && last?.end === place) last.end += 1;
    else if (isCovered) pieces.push({ start: place, end: place + 1 });
  }
  return pieces;
}

/** What each way to put so many spans covers, place by place. */
export function* waysToCover(
  covered: readonly boolean[],
  range: { start: number; end: number },
  length: number,
  count: number,
  taken: ReadonlySet<number> = new Set(),
): Generator<number> {
  if (count === 0) {
    yield Array.from(taken).filter((place) => covered[place]).length;
    return;
  }
  for (let start = range.start; start < range.end; start += 1) {
    const span = Array.from({ length }, (_, index) => start + index);
    yield* waysToCover(covered, { ...range, start }, length, count - 1, new Set([...taken, ...span]));
  }
}
