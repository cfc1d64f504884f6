import { findProgram, packageOf, type Program } from "./programs.ts";

export interface NeededProgram {
  /** Where it is; its bare name when it is missing. */
  path: string;
  /** Whether the tests that need it are to be left out. */
  isMissing: boolean;
}

/**
 * A program that tests need, for `it.skipIf(program.isMissing)`. Where it is missing, that is said with how to get it;
 * with `REQUIRE_PROGRAMS=1`, as in CI, it is an error.
 */
export function needsProgram(
  program: Program,
  env: NodeJS.ProcessEnv = process.env,
  say: (line: string) => void = (line) => process.stderr.write(line),
): NeededProgram {
  const path = findProgram(program, env);
  if (path !== null) return { path, isMissing: false };
  const mend = `apt-get install ${packageOf[program]}`;
  if (env["REQUIRE_PROGRAMS"] === "1") {
    throw new Error(`${program} is not installed, and REQUIRE_PROGRAMS=1 asks for it: ${mend}`);
  }
  say(`\nLEFT OUT: tests that need ${program}, which is not installed. To have them run: ${mend}\n\n`);
  return { path: program, isMissing: true };
}
