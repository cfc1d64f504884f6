import { shownAddress } from "@runledger/config";
import { loginAdvice, securityAdvice } from "./smtp-security.ts";

/**
 * What the server or the system said, in one line, with what to change where that helps. Of a URL that is not certain
 * the system's words are left out: they name what was read as its host.
 */
export function whyFailed(error: unknown, smtpUrl: string, offered: readonly string[] = []): string {
  const { responseCode, code }: { responseCode?: number; code?: string } = Object(error);
  const message = (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/gu, " ").trim();
  const isTheirs = responseCode !== undefined || shownAddress(smtpUrl) !== null;
  const shown = isTheirs ? message : (code ?? "no connection");
  const advice = loginAdvice(error, offered) ?? securityAdvice(error);
  return advice === null ? shown : `${shown} (${advice})`;
}

/** Whether waiting mends nothing. */
export function isForSetUpToMend(error: unknown, offered: readonly string[]): boolean {
  const { responseCode = 0 }: { responseCode?: number } = Object(error);
  return responseCode >= 500 || loginAdvice(error, offered) !== null || securityAdvice(error) !== null;
}
