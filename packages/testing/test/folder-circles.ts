import { dirname, join } from "node:path/posix";

/** Imports by file: paths from the top of the repository, `packages/sla/src/score/score.ts`. */
export type Imports = ReadonlyMap<string, readonly string[]>;

/** What a TypeScript file imports from its own package; type imports included. */
export function importsOf(file: string, text: string): string[] {
  return Array.from(text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"(\.[^"]+)"/gu), ([, specifier = ""]) =>
    join(dirname(file), specifier),
  );
}

/**
 * Folders from which a way of imports leads back to them, each as that way: `a → b → a`. A folder is not its parent:
 * `src` and `src/kinds` are two.
 */
export function folderCircles(imports: Imports): string[] {
  const neighbours = new Map<string, Set<string>>();
  for (const [file, imported] of imports) {
    const from = dirname(file);
    const others = neighbours.get(from) ?? new Set();
    for (const to of imported.map((each) => dirname(each))) if (to !== from) others.add(to);
    neighbours.set(from, others);
  }
  return Array.from(neighbours.keys()).flatMap((folder) => {
    const way = wayBack(folder, neighbours);
    return way === null ? [] : [way.join(" → ")];
  });
}

function wayBack(start: string, neighbours: ReadonlyMap<string, ReadonlySet<string>>): string[] | null {
  const cameFrom = new Map<string, string>();
  const open = [start];
  for (let folder = open.shift(); folder !== undefined; folder = open.shift()) {
    for (const next of neighbours.get(folder) ?? []) {
      if (next === start) return [start, ...stepsTo(folder, cameFrom, start), start];
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, folder);
      open.push(next);
    }
  }
  return null;
}

function stepsTo(folder: string, cameFrom: ReadonlyMap<string, string>, start: string): string[] {
  return folder === start ? [] : [...stepsTo(cameFrom.get(folder) ?? start, cameFrom, start), folder];
}
