import type { z } from "zod";
import type { Finding } from "./problems.ts";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** What zod has found, one finding for each thing to mend. `parent` leads to the value that was checked. */
export function findingsOf(issues: readonly Issue[], parent: Path = []): Finding[] {
  return issues.flatMap((issue) => findingsOfOne(issue, [...parent, ...issue.path]));
}

function findingsOfOne(issue: Issue, path: Path): Finding[] {
  switch (issue.code) {
    case "unrecognized_keys": {
      const messages = issue.message.split("\n");
      return issue.keys.map((key, index) => ({
        path: [...path, key],
        at: "key",
        message: messages[index] ?? issue.message,
      }));
    }
    case "invalid_key":
      return [{ path, at: "key", message: issue.issues[0]?.message ?? issue.message }];
    case "invalid_union": {
      const form = closestForm(issue.errors);
      return form ? findingsOf(form, path) : [{ path, at: "value", message: issue.message }];
    }
    default:
      return [{ path, at: "value", message: issue.message }];
  }
}

/** Of the forms a value may have, the one it was meant to have: right as a whole, and least wrong inside. */
function closestForm(forms: readonly Issue[][]): Issue[] | undefined {
  return forms
    .filter((issues) => issues.every(isInside))
    .toSorted((a, b) => findingsOf(a).length - findingsOf(b).length)
    .at(0);
}

function isInside(issue: Issue): boolean {
  if (issue.path.length > 0 || issue.code === "unrecognized_keys") return true;
  return issue.code === "invalid_union" && closestForm(issue.errors) !== undefined;
}
