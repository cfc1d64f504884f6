export type { Context } from "./context.ts";
export { readEnvironment, type Environment, type LogLevel } from "./environment.ts";
export { systemErrorCode, systemErrorText, UsageError } from "./errors.ts";
export { exitCode, type ExitCode } from "./exit-code.ts";
export { instantFrom } from "./instant-option.ts";
export { createLog, type Log, type LogOptions } from "./log.ts";
export { isColorful, printResult, widthOf } from "./print-result.ts";
export {
  InterruptedError,
  Program,
  type Action,
  type ErrorDocument,
  type ProgramOptions,
} from "./program.ts";
export { createProgress, type JobProgress, type Progress } from "./progress.ts";
export type { Line, Span, Style } from "./styled-text.ts";
export { drawTable, type Column } from "./table.ts";
export { visibleText } from "./visible-text.ts";
