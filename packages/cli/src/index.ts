export { readEnvironment, type Environment, type LogLevel } from "./environment.ts";
export { UsageError } from "./errors.ts";
export { exitCode, type ExitCode } from "./exit-code.ts";
export { createLog, type Log, type LogOptions } from "./log.ts";
export { InterruptedError, Program, type Action, type Context, type ProgramOptions } from "./program.ts";
export { createProgress, type JobProgress, type Progress } from "./progress.ts";
