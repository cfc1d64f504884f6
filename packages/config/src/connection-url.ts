/** A connection URL: of Postgres, a mail server, an API or a proxy. Never the user, the password or the query. */
export interface ConnectionUrl {
  /** `postgres`, `smtps`, in lower case. */
  scheme: string;
  /** As it stands; empty where the URL names none, as those of sockets. */
  host: string;
  /** Empty where the URL names none. */
  port: string;
  /** With its slash; may be empty. */
  path: string;
  /**
   * Whether these can be shown. Where characters that belong percent-encoded stand in front of the host, a reader that
   * takes them for something else may find a part of the password in its place.
   */
  isCertain: boolean;
}

/**
 * Takes a connection URL apart; `null` when it is none, or when a part of the password may stand where the host or the
 * path should be, as behind an unescaped `/`. Then nothing of it may be used or shown.
 */
export function takeApart(url: string): ConnectionUrl | null {
  const [, scheme = "", beforeHost = "", host = "", port = "", path = ""] = URL_FORM.exec(url) ?? [];
  if (scheme === "" || Number(port) > 65_535) {
    return null;
  }
  return { scheme: scheme.toLowerCase(), host, port, path, isCertain: CREDENTIALS.test(beforeHost) };
}

/** `host:port/path`, for a message; `null` where the URL cannot be taken apart for certain. */
export function shownAddress(url: string): string | null {
  const parts = takeApart(url);
  if (parts === null || !parts.isCertain) {
    return null;
  }
  return `${parts.host}${parts.port && `:${parts.port}`}${parts.path}`;
}

/** What to do about a URL of which nothing is shown. */
export const PERCENT_ENCODE =
  "percent-encode user and password in it: @ as %40, : as %3A, / as %2F, ? as %3F, # as %23, % as %25, a space as %20";

/** The host is what follows the last `@`, and no `@` or `#` may come after it. */
const URL_FORM =
  /^([a-z][a-z0-9+.-]*):\/\/(?:([^/?#]*)@)?(\[[0-9a-f:.]+\]|(?:[\w.-]|%[0-9a-f]{2})*)(?::(\d*))?(\/[^?#@]*)?(?:\?[^#@]*)?$/iu;

/** Nothing, a user, or a user and a password, in the characters that RFC 3986 lets stand as they are. */
const CREDENTIALS = /^(?:[\w.~!$&'()*+,;=-]|%[0-9a-f]{2})*(?::(?:[\w.~!$&'()*+,;=-]|%[0-9a-f]{2})*)?$/iu;
