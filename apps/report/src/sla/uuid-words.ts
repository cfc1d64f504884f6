/** A UUID as four numbers, the most significant first: they compare as the texts do. */
export type UuidWords = [number, number, number, number];

/** The UUID whose four words begin at `index`, as `7b1c0f7e-0000-4000-8000-000000000001`. */
export function toUuid(words: ArrayLike<number>, index = 0): string {
  const [a, b, c, d] = [
    words[index] ?? 0,
    words[index + 1] ?? 0,
    words[index + 2] ?? 0,
    words[index + 3] ?? 0,
  ];
  return `${high(a)}${low(a)}-${high(b)}-${low(b)}-${high(c)}-${low(c)}${high(d)}${low(d)}`;
}

function high(word: number): string {
  return hexOfByte(word >>> 24) + hexOfByte(word >>> 16);
}

function low(word: number): string {
  return hexOfByte(word >>> 8) + hexOfByte(word);
}

function hexOfByte(value: number): string {
  return hexOfBytes[value & 255] ?? "";
}

const hexOfBytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
