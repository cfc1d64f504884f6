/** A text in the file and the way to it. */
export interface Entry {
  path: readonly string[];
  text: string;
}

/**
 * The texts at a place such as `agreements.*.title`, where `*` is any element. What is missing or not text
 * is passed over: the schema complains of it.
 */
export function entriesAt(value: unknown, place: string): Entry[] {
  return descend({ path: [], value }, place.split(".")).flatMap((found) =>
    typeof found.value === "string" ? { path: found.path, text: found.value } : [],
  );
}

interface Found {
  path: string[];
  value: unknown;
}

function descend(from: Found, steps: readonly string[]): Found[] {
  const [step, ...rest] = steps;
  if (step === undefined) return [from];
  return childrenOf(from)
    .filter(({ path }) => step === "*" || step === path.at(-1))
    .flatMap((child) => descend(child, rest));
}

function childrenOf({ path, value }: Found): Found[] {
  return Object.entries(Object(value)).map(([key, child]) => ({ path: [...path, key], value: child }));
}
