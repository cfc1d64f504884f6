import { isForSetUpToMend, whyFailed } from "@runledger/smtp";

/** Why a try to hand a message over did not succeed, and what may be done next. */
export interface Failure {
  status: "failed" | "unknown" | "put_off";
  /** Whether the same may succeed a little later. */
  isForNow: boolean;
  /** Whether the server does not take it for its size. */
  isTooLarge: boolean;
  error: string;
}

/** What was said in the connection that failed. */
interface Conversation {
  smtpUrl: string;
  /** The ways to log in that the server offered. */
  offered: readonly string[];
  /** Whether the server may have the whole message. */
  isHandedOver: boolean;
}

export const unreachable: Failure = {
  status: "put_off",
  isForNow: false,
  isTooLarge: false,
  error: "the mail server could not be reached; the next run tries again",
};

export function toFailure(cause: unknown, { smtpUrl, offered, isHandedOver }: Conversation): Failure {
  const error = whyFailed(cause, smtpUrl, offered);
  const { responseCode = 0 } = smtpError(cause);
  const isRefusal = responseCode >= 400 && responseCode < 600;
  if (isHandedOver && !isRefusal) {
    return { status: "unknown", isForNow: false, isTooLarge: false, error };
  }
  const isTooLarge = isForItsSize(cause);
  const isForNow = !isTooLarge && !isForSetUpToMend(cause, offered);
  return { status: "failed", isForNow, isTooLarge, error };
}

/** Whether no server has said a word: not even that it is none. */
export function isUnanswered(error: unknown, offered: readonly string[]): boolean {
  const { command, responseCode = 0, name } = smtpError(error);
  return (
    responseCode === 0 && (command === "CONN" || name === "AbortError") && !isForSetUpToMend(error, offered)
  );
}

/** RFC 3463: 5.3.4 is a message too big for the system. Servers before it say 552, or say it at once, to MAIL FROM. */
function isForItsSize(error: unknown): boolean {
  const { code, responseCode, response } = smtpError(error);
  const isAnnounced =
    code === "EMESSAGE" && responseCode === undefined && /larger than allowed/u.test(String(error));
  return responseCode === 552 || isAnnounced || /^5\d\d[ -]5\.3\.4\b/u.test(response ?? "");
}

/** What nodemailer's errors say, as far as they do. */
interface SmtpError {
  name?: string;
  code?: string;
  /** The SMTP command that was answered so; `CONN` before the first. */
  command?: string;
  response?: string;
  responseCode?: number;
}

function smtpError(error: unknown): SmtpError {
  return Object(error);
}
