import { STATUS_CODES } from "node:http";

import type { Call } from "./call.ts";
import {
  CredentialsRefusedError,
  ForbiddenError,
  InvalidResponseError,
  OutcomeUnknownError,
  RequestRefusedError,
  ResponseTooLargeError,
  TimedOutError,
  UnavailableError,
  type YlemError,
} from "./errors.ts";
import { isObject } from "./fields.ts";
import type { Secrets } from "./secrets.ts";

/** How one try can fail. */
export type Failure =
  /** No connection came about: the request did not arrive. */
  | { kind: "unreachable"; cause: unknown }
  /** The connection ended before an answer: the request may have arrived. */
  | { kind: "dropped"; cause: unknown }
  | { kind: "timed out"; afterMs: number }
  | { kind: "status"; status: number; retryAfter: string | null; body: string }
  /** A 2xx answer that is cut off, not JSON, or not of a known shape. */
  | { kind: "broken"; reason: string; excerpt?: string; cause?: unknown }
  | { kind: "too large"; limit: number };

/** What was spent on a call so far. */
interface Effort {
  tries: number;
  ms: number;
}

/**
 * Whether trying again can help and does no harm. What must not be done twice is repeated only when it
 * surely was not done: no connection, or a server that says "not now" (429, or 503 with Retry-After).
 */
export function isWorthRepeating(failure: Failure, { isRepeatable }: Call<unknown>): boolean {
  if (failure.kind === "too large") return false;
  if (failure.kind === "status" && !isPassing(failure.status)) return false;
  return isRepeatable || wasNotDone(failure);
}

/** The error that ends a call. `remark`, when there is one, says why there was no further try. */
export function toError(
  failure: Failure,
  call: Call<unknown>,
  { tries, ms }: Effort,
  secrets: Secrets,
  remark = "",
): YlemError {
  const request = `${call.method} ${call.path}`;
  const times = tries === 1 ? "1 try" : `${tries} tries`;
  const effort = `after ${times} in ${(ms / 1000).toFixed(1)} s`;
  const message = [
    `${request}: ${toSummary(failure)} ${effort}`,
    toExplanation(failure, call, secrets),
    remark,
  ]
    .filter((part) => part !== "")
    .join("; ");
  const ErrorClass = toErrorClass(failure, call);
  return new ErrorClass(secrets.hide(message), {
    request,
    status: failure.kind === "status" ? failure.status : null,
    tries,
    cause: "cause" in failure ? secrets.hideIn(failure.cause) : undefined,
  });
}

function isPassing(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

function wasNotDone(failure: Failure): boolean {
  if (failure.kind === "unreachable") return true;
  if (failure.kind !== "status" || failure.status === 408) return false;
  return failure.status < 500 || (failure.status === 503 && failure.retryAfter !== null);
}

function toErrorClass(failure: Failure, call: Call<unknown>): typeof YlemError {
  if (!call.isRepeatable && !wasNotDone(failure)) return OutcomeUnknownError;
  return failure.kind === "status" ? toRefusalClass(failure, call) : CLASSES[failure.kind];
}

const CLASSES = {
  unreachable: UnavailableError,
  dropped: UnavailableError,
  "timed out": TimedOutError,
  broken: InvalidResponseError,
  "too large": ResponseTooLargeError,
} as const;

function toRefusalClass(
  { status, body }: Failure & { kind: "status" },
  call: Call<unknown>,
): typeof YlemError {
  if (isPassing(status)) return UnavailableError;
  if (status === 401) return CredentialsRefusedError;
  if (call.credentials && status === 400 && toOAuthReason(body) !== "") return CredentialsRefusedError;
  if (status === 403 && call.scope !== null) return ForbiddenError;
  return RequestRefusedError;
}

/** What the JSON by which RFC 6749 has a token endpoint refuse gives as the reason; empty when it is not that. */
function toOAuthReason(body: string): string {
  try {
    const json: unknown = JSON.parse(body);
    if (!isObject(json) || typeof json["error"] !== "string") return "";
    const { error, error_description: description } = json;
    return typeof description === "string" ? `${error}: ${description}` : error;
  } catch {
    return "";
  }
}

function toSummary(failure: Failure): string {
  switch (failure.kind) {
    case "unreachable":
      return `could not connect (${rootOf(failure.cause)})`;
    case "dropped":
      return `the connection ended with no answer (${rootOf(failure.cause)})`;
    case "timed out":
      return `no full answer within ${failure.afterMs / 1000} s`;
    case "status":
      return `${failure.status} ${STATUS_CODES[failure.status] ?? ""}`.trim();
    case "broken":
      return `unusable answer (${failure.reason})`;
  }
  return `an answer of more than ${failure.limit} bytes`;
}

function toExplanation(failure: Failure, { credentials, scope }: Call<unknown>, secrets: Secrets): string {
  if (failure.kind === "dropped") return credentials?.dropHint ?? "";
  if (failure.kind === "broken") return toExcerpt(failure.excerpt ?? "", secrets);
  if (failure.kind !== "status") return "";
  if (failure.status >= 300 && failure.status < 400) return "redirects are not followed: check baseUrl";
  if (failure.status === 403 && scope !== null) return `the OAuth client needs the scope ${scope}`;
  return credentials ? toOAuthReason(failure.body) : toExcerpt(failure.body, secrets);
}

const EXCERPT_CHARACTERS = 200;

/** Secrets are hidden first, lest the cut or the quotes make one unrecognisable. */
function toExcerpt(body: string, secrets: Secrets): string {
  if (body === "") return "";
  return `the answer begins ${JSON.stringify(secrets.hide(body).slice(0, EXCERPT_CHARACTERS))}`;
}

/** The innermost cause, which is what fetch wraps in "fetch failed". */
function rootOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause === undefined ? cause.message || errorCode(cause) : rootOf(cause.cause);
}

/** An AggregateError of several addresses has a code but no message. */
function errorCode(error: NodeJS.ErrnoException): string {
  return error.code ?? error.name;
}
