import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const FILE = join(dirname(dirname(dirname(dirname(import.meta.dirname)))), "docs", "json.md");

/**
 * What is wrong between a document that a command printed and the example of it in docs/json.md: other keys, other
 * kinds of values, or what breaks the conventions at the page's beginning. With UPDATE_DOCS set the example is written
 * anew instead.
 */
export function exampleFaults(command: string, printed: string): string[] {
  const document: unknown = JSON.parse(printed);
  const text = readFileSync(FILE, "utf8");
  const block = new RegExp(
    `(\\n### \`${command}\`\\n(?:(?!\n### )[^])*?\`\`\`json\n)([^]*?)(\n\`\`\`\n)`,
    "u",
  );
  if (process.env["UPDATE_DOCS"]) {
    const example = JSON.stringify(shortened(document), null, 2);
    writeFileSync(
      FILE,
      text.replace(block, (_all, before, _old, after) => `${before}${example}${after}`),
    );
    return [];
  }
  const example = block.exec(text)?.[2];
  if (example === undefined) {
    return [`docs/json.md has no example of ${command}`];
  }
  return [...differences(JSON.parse(example), document, command), ...unconventional(document, command)];
}

const MOST_SHOWN = 2;

/** An example need not be long to be understood. */
function shortened(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, MOST_SHOWN).map(shortened);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shortened(each)]));
}

/** Null stands for a value that is not known, and matches any; a list is like its first example. */
function differences(example: unknown, actual: unknown, path: string): string[] {
  if (example === null || actual === null) return [];
  if (Array.isArray(example) && Array.isArray(actual)) {
    const [first] = example;
    return first === undefined ? [] : actual.flatMap((each) => differences(first, each, `${path}[]`));
  }
  if (isObject(example) && isObject(actual)) {
    const keys = Object.keys(actual);
    return [
      ...keys.filter((key) => !(key in example)).map((key) => `${path}.${key} is not in docs/json.md`),
      ...Object.keys(example)
        .filter((key) => !(key in actual))
        .map((key) => `${path}.${key} is not printed`),
      ...keys
        .filter((key) => key in example)
        .flatMap((key) => differences(example[key], actual[key], `${path}.${key}`)),
    ];
  }
  return kindOf(example) === kindOf(actual) ? [] : [`${path} is ${kindOf(actual)}, not ${kindOf(example)}`];
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,6}Z$/u;
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/u;

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value !== "string") return `a ${typeof value}`;
  if (INSTANT.test(value)) return "an instant";
  return UUID.test(value) ? "a UUID" : "a text";
}

/** What a key's name promises of its value. */
const PROMISES: readonly [ending: RegExp, kind: string][] = [
  [/(?:At|Start|End|Through)$/u, "an instant"],
  [/(?:^u|U)uid$/u, "a UUID"],
  [/(?:^target|^attained|Ms)$/u, "a number"],
];

function unconventional(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((each) => unconventional(each, `${path}[]`));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, each]) => {
    const here = `${path}.${key}`;
    const broken = PROMISES.filter(
      ([name, kind]) => name.test(key) && each !== null && kindOf(each) !== kind,
    );
    return [
      ...(/^[a-z][A-Za-z0-9]*$/u.test(key) ? [] : [`${here} is not in camelCase`]),
      ...broken.map(([, kind]) => `${here} is not ${kind}`),
      ...unconventional(each, here),
    ];
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
