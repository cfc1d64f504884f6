import type { Environment } from "./environment.ts";
import type { Log } from "./log.ts";

/** What every command gets: the edge of the process, as values. */
export interface Context {
  /** What code the app is: its release, and in a checkout the commit. */
  readonly version: string;
  environment: Environment;
  log: Log;
  /** Aborted by SIGINT and SIGTERM. */
  signal: AbortSignal;
  now: () => Date;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  /** Whether `--json` asks for one JSON document on stdout. */
  isJson: boolean;
  /** Whether progress bars may be drawn: a terminal, not CI, no `--json`. */
  isInteractive: boolean;
}
