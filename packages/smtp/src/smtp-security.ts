import { PERCENT_ENCODE, takeApart } from "@runledger/config";

/** `SMTP_URL` is not one. The message does not show it. */
export class SmtpUrlError extends Error {
  override name = "SmtpUrlError";
}

/**
 * Whether the server has to offer STARTTLS: always, but on this machine and where the URL itself speaks of it. A server
 * that offers it is spoken to in TLS in any case.
 *
 * @throws SmtpUrlError when it is no URL; the message does not show it.
 */
export function requiresTls(smtpUrl: string): boolean {
  const parts = takeApart(smtpUrl);
  const url = URL.parse(smtpUrl);
  if (!parts?.host || !url) {
    throw new SmtpUrlError(
      "SMTP_URL is not a URL such as smtps://user:password@mail.acme.example:465, or what stands in it cannot be told " +
        `apart. It is not shown here; ${PERCENT_ENCODE}`,
    );
  }
  const speaksOfIt = ["ignoreTLS", "opportunisticTLS", "requireTLS"].some((name) =>
    url.searchParams.has(name),
  );
  return !speaksOfIt && !LOOPBACK.test(url.hostname);
}

const LOOPBACK = /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/iu;

/**
 * What to change when TLS or the login can never work as it is set up; null for every other error. Waiting does not
 * mend these.
 */
export function securityAdvice(error: unknown): string | null {
  const { code, originalCode, command, responseCode = 0 }: SmtpError = Object(error);
  if (CERTIFICATE.test(String(originalCode))) {
    return (
      "SMTP_URL's server has a certificate that this machine does not trust: give its authority's certificate by " +
      "NODE_EXTRA_CA_CERTS=/path/to/ca.pem, or add ?tls.rejectUnauthorized=false to SMTP_URL to trust any"
    );
  }
  if (command === "STARTTLS" && responseCode >= 500) {
    return "SMTP_URL's server offers no STARTTLS: use smtps://, or add ?ignoreTLS=true to SMTP_URL to send in the clear";
  }
  if (/^(?:EPROTO|ERR_SSL_|ERR_TLS_)/u.test(String(originalCode))) {
    return "SMTP_URL's server does not speak TLS on this port: smtps:// is for port 465, smtp:// for 587 and 25";
  }
  return code === "EAUTH" && responseCode === 0 ? "check the user and the password in SMTP_URL" : null;
}

/** The logins by user and password that nodemailer knows. */
const BY_PASSWORD = ["PLAIN", "LOGIN", "CRAM-MD5"];

/** What to change when the server refuses a login that it does not offer; null for every other error. */
export function loginAdvice(error: unknown, offered: readonly string[]): string | null {
  const { code }: SmtpError = Object(error);
  if (code !== "EAUTH" || offered.length === 0 || offered.some((method) => BY_PASSWORD.includes(method))) {
    return null;
  }
  return (
    `SMTP_URL's server offers logins by ${offered.join(", ")} only, and Runledger logs in by user and password ` +
    `(${BY_PASSWORD.join(", ")}): have password logins, such as an app password, allowed for this account, or send ` +
    "through a relay that offers them or wants no login"
  );
}

/** OpenSSL's names for what is wrong with a certificate, and Node's for one with another host's name. */
const CERTIFICATE = /CERT_|_CERT|LEAF_SIGNATURE|HOSTNAME_MISMATCH/u;

interface SmtpError {
  code?: string;
  /** The system's or OpenSSL's code under nodemailer's own. */
  originalCode?: string;
  command?: string;
  responseCode?: number;
}
