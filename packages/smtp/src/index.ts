export { LoginOffers } from "./login-offers.ts";
export { requiresTls, SmtpUrlError } from "./smtp-security.ts";
export { tryLogin, type LoginTrial } from "./try-login.ts";
export { isForSetUpToMend, whyFailed } from "./why-failed.ts";
