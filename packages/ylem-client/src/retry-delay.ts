/**
 * Milliseconds to wait after the given try (1 is the first): doubling from half a second, capped at 30 s,
 * spread over its upper half so that callers do not come back together, and never less than the server asked.
 */
export function retryDelay(tries: number, random: number, serverAsksMs: number | null): number {
  const ceiling = Math.min(FIRST_MS * 2 ** (tries - 1), LONGEST_MS);
  return Math.max(ceiling * (0.5 + random / 2), serverAsksMs ?? 0);
}

/** Milliseconds a `Retry-After` header asks for, as seconds or as an HTTP date; null when it says neither. */
export function retryAfterMs(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const date = header.endsWith("GMT") ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(date - nowMs, 0);
}

const FIRST_MS = 500;
const LONGEST_MS = 30_000;
