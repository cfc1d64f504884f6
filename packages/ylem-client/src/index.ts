export { type CallOptions, type RunLogOptions, YlemClient } from "./client.ts";
export type { SubjectKind } from "./call.ts";
export {
  ConfigurationError,
  CredentialsRefusedError,
  ForbiddenError,
  InvalidResponseError,
  OutcomeUnknownError,
  RequestRefusedError,
  ResponseTooLargeError,
  TimedOutError,
  UnavailableError,
  YlemError,
} from "./errors.ts";
export type { MicroInstant } from "./micro-instant-text.ts";
export type { OutputOptions, RequestEvent, YlemClientOptions } from "./options.ts";
export type { Cipher, Decrypt, Output } from "./output.ts";
export type { RejectedRow, RunLog, TaskRun } from "./run-log.ts";
export type { PendingTaskRun, StartedRun } from "./run-pipeline.ts";
export type { LastRun, Period, PeriodStats, RunStats } from "./statistics.ts";
export type { Window } from "./window.ts";
