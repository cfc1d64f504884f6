/** Where a part of a JSON value lies, from the outside in. */
type Leaf = readonly (string | number)[];

/** Every text, number, truth value and null of a JSON value, and every list and object in it. */
export function leavesOf(value: unknown, at: Leaf = []): Leaf[] {
  if (typeof value !== "object" || value === null) return [at];
  const parts = Array.isArray(value) ? value.map((part, n) => [n, part] as const) : Object.entries(value);
  return [at, ...parts.flatMap(([key, part]) => leavesOf(part, [...at, key]))];
}

/** The same value with one part of another type. */
export function withLeaf(value: unknown, [key, ...rest]: Leaf): unknown {
  if (key === undefined) return ofAnotherType(value);
  if (Array.isArray(value)) return value.map((part, n) => (n === key ? withLeaf(part, rest) : part));
  return Object.fromEntries(
    Object.entries(Object(value)).map(([name, part]) => [name, name === key ? withLeaf(part, rest) : part]),
  );
}

function ofAnotherType(value: unknown): unknown {
  // Where there can be none there can be a number or a text, but no truth value.
  if (value === null) return true;
  return typeof value === "string" || typeof value === "object" ? 7 : "much";
}
