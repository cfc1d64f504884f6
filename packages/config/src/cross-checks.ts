import { didYouMean } from "./problems/did-you-mean.ts";
import { entriesAt, type Entry } from "./entries.ts";
import { shown } from "./problems/issue-text.ts";
import type { Finding } from "./problems/problems.ts";

/**
 * What no single value can tell: names that are used twice and names that nothing has. Looks at the file as
 * it is written, so that these are reported together with whatever else is wrong.
 */
export function crossCheck(file: unknown): Finding[] {
  return [
    ...repeats(entriesAt(file, "pipelines.*.uuid"), "the UUID of another pipeline"),
    ...repeats(entriesAt(file, "pipelines.*.name"), "the name of another pipeline"),
    ...repeats(entriesAt(file, "agreements.*.agreement"), "the name of another agreement"),
    ...repeats(entriesAt(file, "agreements.*.objectives.*.id"), "another objective of this agreement"),
    ...unknownPipelines(file),
  ];
}

function repeats(entries: readonly Entry[], what: string): Finding[] {
  const taken = new Set<string>();
  return entries
    .filter((entry) => {
      const identity = identityOf(entry);
      const isTaken = taken.has(identity);
      taken.add(identity);
      return isTaken;
    })
    .map(({ path, text }) => ({
      path,
      at: "value",
      message: `${shown(text)} is already ${what}: write one that is not taken`,
    }));
}

/** The same for two elements of one list that have the same text; case makes no difference to a UUID. */
function identityOf({ path, text }: Entry): string {
  const list = path.slice(0, -2).join(".");
  return `${list} ${path.at(-1) === "uuid" ? text.toLowerCase() : text}`;
}

function unknownPipelines(file: unknown): Finding[] {
  const names = entriesAt(file, "pipelines.*.name").map(({ text }) => text);
  if (names.length === 0) return [];
  const known = names.map(shown).join(", ");
  return entriesAt(file, "agreements.*.objectives.*.pipeline")
    .filter(({ text }) => !names.includes(text))
    .map(({ path, text }) => ({
      path,
      at: "value",
      message: `no pipeline above is named ${shown(text)}${didYouMean(text, names) || `: write one of ${known}`}`,
    }));
}
