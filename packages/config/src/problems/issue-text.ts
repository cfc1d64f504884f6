import { z } from "zod";
import { didYouMean } from "./did-you-mean.ts";

/**
 * The words for what has none of its own in the schema; `undefined` leaves it to zod's.
 * For unknown keys: one line per key, in the order of `issue.keys`.
 */
export function explain(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === "unrecognized_keys") return explainUnknownKeys(issue);
  if (issue.input === undefined) return `${shown(issue.path?.at(-1))} is missing`;
  if (issue.input === null) return "this has no value: give it one or remove the key";
  switch (issue.code) {
    case "invalid_type":
      return explainType(issue);
    case "invalid_value":
      return `${shown(issue.input)} is not known here: write ${anyOf(issue.values)}`;
    case "too_small":
      return issue.origin === "array"
        ? "this list needs at least one entry"
        : `${shown(issue.input)} is too small: write ${issue.minimum} or more`;
    default:
      return undefined;
  }
}

/**
 * The wording for one sort of value, as a schema's `error`: `"45" is not a duration: write …`.
 * A missing value is left to {@link explain}.
 */
export function wants(what: string, how: string): (issue: { input?: unknown }) => string | undefined {
  return ({ input }) =>
    input === undefined || input === null ? undefined : `${shown(input)} is not ${what}: write ${how}`;
}

/** A value as it may stand in a message: quoted, on one line, not too long. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "a mapping";
  const text = JSON.stringify(value) ?? "this";
  return text.length > 80 ? `${text.slice(0, 78)}…"` : text;
}

function explainUnknownKeys({
  keys,
  input,
  inst,
}: z.core.$ZodRawIssue<z.core.$ZodIssueUnrecognizedKeys>): string {
  const known = inst instanceof z.ZodObject ? Object.keys(inst.shape) : [];
  return keys
    .map((key) => {
      const hint = didYouMean(key, known) || (input?.[key] === null ? CUT_BY_COMMA : "");
      return `unknown key ${shown(key)}${hint}`;
    })
    .join("\n");
}

/** `{ on: mon,wed }` is YAML for `on: mon` and a key `wed` that has no value. */
const CUT_BY_COMMA = ": if it belongs to a text with a comma, put that text in quotes";

function anyOf(values: readonly unknown[]): string {
  return new Intl.ListFormat("en-GB", { type: "disjunction" }).format(values.map(String));
}

const IN_WORDS: Readonly<Record<string, string>> = {
  array: "a list",
  object: "a mapping of keys to values",
  record: "a mapping of keys to values",
  string: "text",
  number: "a number",
  int: "a whole number",
};

function explainType({ expected, input }: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidType>): string {
  const cure = expected === "string" && typeof input !== "object" ? ": put it in quotes" : "";
  return `${shown(input)} stands where ${IN_WORDS[expected] ?? expected} is needed${cure}`;
}
