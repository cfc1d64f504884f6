import { createHash } from "node:crypto";

/** A stream of numbers in [0, 1) that is the same for the same parts, on every machine. */
export type Random = () => number;

/** The generator is sfc32, its state the hash of the parts, so that streams of different parts are unrelated. */
export function randomOf(...parts: (string | number)[]): Random {
  const hash = createHash("sha256").update(JSON.stringify(parts)).digest();
  let a = hash.readInt32LE(0);
  let b = hash.readInt32LE(4);
  let c = hash.readInt32LE(8);
  let counter = hash.readInt32LE(12);
  return () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 2 ** 32;
  };
}

/** A whole number in `[low, high]`. */
export function integerIn(random: Random, low: number, high: number): number {
  return low + Math.floor(random() * (high - low + 1));
}

/** @throws RangeError for an empty list. */
export function pick<T>(random: Random, choices: readonly T[]): T {
  const choice = choices[integerIn(random, 0, choices.length - 1)];
  if (choice === undefined) {
    throw new RangeError("there is nothing to pick from");
  }
  return choice;
}

export function shuffle<T>(random: Random, items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, rank: random() }))
    .toSorted((one, other) => one.rank - other.rank)
    .map(({ item }) => item);
}
