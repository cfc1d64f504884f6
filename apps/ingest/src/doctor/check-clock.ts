import { ok, problem, warning, type Finding } from "./finding.ts";

const CHECK = "clock";
const MEND = "Let this machine keep time by NTP (timedatectl set-ntp true).";
/** The header has whole seconds, and the way there and back takes some. */
const TOLERATED_MS = 30_000;
/** A sync asks for rows up to its own now: so far ahead, it passes over time that has not been. */
const HARMFUL_MS = 300_000;
const TIMEOUT_MS = 10_000;

export interface ClockOptions {
  fetch: typeof globalThis.fetch;
  now: () => Date;
  signal: AbortSignal;
}

/** This machine's clock against the `Date` header of the API's answer, whatever it answers. */
export async function checkClock(baseUrl: string, { fetch, now, signal }: ClockOptions): Promise<Finding> {
  const askedAt = now().getTime();
  const header = await dateHeader(baseUrl, fetch, signal);
  const answeredAt = now().getTime();
  const theirs = Date.parse(header ?? "");
  if (Number.isNaN(theirs)) {
    return warning(CHECK, "the API did not say its time, so the clock is not compared", MEND);
  }
  const skewMs = (askedAt + answeredAt) / 2 - theirs;
  const text = `${(Math.abs(skewMs) / 1000).toFixed(0)} s ${skewMs < 0 ? "behind" : "ahead of"} the API's`;
  if (Math.abs(skewMs) <= TOLERATED_MS) {
    return ok(CHECK, text);
  }
  return Math.abs(skewMs) <= HARMFUL_MS
    ? warning(CHECK, text, MEND)
    : problem(CHECK, text, { mend: MEND, lies: "around it" });
}

async function dateHeader(
  baseUrl: string,
  fetch: typeof globalThis.fetch,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
    const response = await fetch(baseUrl, { method: "HEAD", redirect: "manual", signal: limit });
    return response.headers.get("date");
  } catch {
    signal.throwIfAborted();
    // That the API cannot be reached is another check's to say.
    return null;
  }
}
