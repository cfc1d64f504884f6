/** Where in a text something stands; both count from 1, as editors do. */
export interface Position {
  line: number;
  column: number;
}

/** One thing that is wrong with the configuration. `position` is `null` when it is the file as a whole. */
export interface ConfigProblem {
  file: string;
  position: Position | null;
  /** What is wrong and how to mend it, one line. */
  message: string;
}

/**
 * The configuration cannot be used. Holds every problem found, in the order of the file; the message has one
 * line per problem: `runledger.yaml:12:7: unknown key "ownr": did you mean "owner"?`
 */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[], options?: ErrorOptions) {
    const sorted = inOrder(problems);
    super(sorted.map(problemText).join("\n"), options);
    this.problems = sorted;
  }
}

/** A problem as the checks see it: a path into the value, not yet a position in the text. */
export interface Finding {
  path: readonly PropertyKey[];
  /** Which half of the entry at `path` is to blame. */
  at: "key" | "value";
  message: string;
}

/** `runledger.yaml:12:7: unknown key "ownr"` */
export function problemText({ file, position, message }: ConfigProblem): string {
  return position ? `${file}:${position.line}:${position.column}: ${message}` : `${file}: ${message}`;
}

/** The files in the order in which they come up, each from its beginning to its end. */
function inOrder(problems: readonly ConfigProblem[]): ConfigProblem[] {
  const files = [...new Set(problems.map(({ file }) => file))];
  const line = ({ position }: ConfigProblem) => position?.line ?? 0;
  const column = ({ position }: ConfigProblem) => position?.column ?? 0;
  return problems.toSorted(
    (a, b) => files.indexOf(a.file) - files.indexOf(b.file) || line(a) - line(b) || column(a) - column(b),
  );
}
