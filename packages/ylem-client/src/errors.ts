/** What is known about the call that failed; kept free of secrets by whoever makes the error. */
interface ErrorDetails {
  request?: string | null;
  status?: number | null;
  tries?: number;
  cause?: unknown;
}

/** Base of every error this client makes. One subclass per decision the caller can take. */
export class YlemError extends Error {
  /** Method and path, e.g. `GET /stats/pipelines/7b1c…/last-run/stats`; null when no request was made. */
  readonly request: string | null;
  /** HTTP status of the last try; null when it got no answer, or none that was to blame. */
  readonly status: number | null;
  /** How often the request was sent, or was tried to be. */
  readonly tries: number;

  constructor(message: string, { request = null, status = null, tries = 0, cause }: ErrorDetails = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.request = request;
    this.status = status;
    this.tries = tries;
  }
}

/** An option or an argument makes no sense. Mend it; nothing was sent. */
export class ConfigurationError extends YlemError {}

/** The server does not know these credentials, or refused a token it had just given. Mend them and stop. */
export class CredentialsRefusedError extends YlemError {}

/** The OAuth client may not do this. Give it the scope the message names, or skip the subject. */
export class ForbiddenError extends YlemError {}

/** The server understood and refused (another 4xx, or a redirect). The same request fails again: skip it. */
export class RequestRefusedError extends YlemError {}

/** The server cannot be reached or cannot serve at the moment. Try later. */
export class UnavailableError extends YlemError {}

/** No full answer in time. Try later, or ask for less. */
export class TimedOutError extends YlemError {}

/** The answer is larger than `maxBodyBytes`. Ask for less, such as a shorter window. */
export class ResponseTooLargeError extends YlemError {}

/** The answer is cut off, not JSON, or not of the shape this client knows. Report it. */
export class InvalidResponseError extends YlemError {}

/** The request was sent and may have been carried out. Look before repeating it. */
export class OutcomeUnknownError extends YlemError {}
