import { createTransport } from "nodemailer";
import { LoginOffers } from "./login-offers.ts";
import { requiresTls } from "./smtp-security.ts";
import { isForSetUpToMend, whyFailed } from "./why-failed.ts";

/** How a connection to the mail server went; no mail was sent. */
export type LoginTrial =
  | { hasLoggedIn: boolean; error: null }
  /** `isSetUp`: another `SMTP_URL` has to mend it, and not another try. */
  | { error: string; isSetUp: boolean };

const TIMEOUT_MS = 15_000;

/**
 * Connects, with TLS where it has to be, logs in where the URL has a login, and leaves.
 *
 * @throws SmtpUrlError when it is no URL.
 */
export async function tryLogin(smtpUrl: string, { timeoutMs = TIMEOUT_MS } = {}): Promise<LoginTrial> {
  const offers = new LoginOffers();
  const timeouts = { connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs };
  const transport = createTransport({
    url: smtpUrl,
    ...timeouts,
    logger: offers.logger,
    debug: true,
    requireTLS: requiresTls(smtpUrl),
  });
  try {
    await transport.verify();
    return { hasLoggedIn: /^[a-z]+:\/\/[^/?#]+@/iu.test(smtpUrl), error: null };
  } catch (error) {
    return {
      error: whyFailed(error, smtpUrl, offers.offered),
      isSetUp: isForSetUpToMend(error, offers.offered),
    };
  } finally {
    transport.close();
  }
}
