import { closestMatch } from "leven";

/** `: did you mean "owner"?` when one of `candidates` is near enough, else nothing. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const match = closest(word, candidates);
  return match === undefined ? "" : `: did you mean ${JSON.stringify(match)}?`;
}

/** The candidate that takes at most one edit for every three characters of `word`. */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  return closestMatch(word, candidates, { maxDistance: Math.ceil(word.length / 3) });
}
