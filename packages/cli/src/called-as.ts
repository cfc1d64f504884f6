import { basename, relative } from "node:path";

/** How the process was started, as its environment and arguments tell. */
export interface Start {
  env: NodeJS.ProcessEnv;
  /** `process.argv`: Node's path, then the program's. */
  argv: readonly string[];
  cwd: string;
}

/**
 * What a person types in front of the arguments: `pnpm ingest`, `npm run ingest --`, `runledger-ingest` or
 * `node apps/ingest/src/main.ts`.
 */
export function calledAs(
  { bin, script }: { bin: string; script: string },
  { env, argv, cwd }: Start,
): string {
  // A package manager's script may start other programs: only its own name says that this is the one.
  if (env["npm_lifecycle_event"] === script) {
    return env["npm_config_user_agent"]?.startsWith("pnpm/") ? `pnpm ${script}` : `npm run ${script} --`;
  }
  const path = argv[1] ?? bin;
  const near = relative(cwd, path);
  return basename(path) === bin ? bin : `node ${near.startsWith("..") ? path : near}`;
}
