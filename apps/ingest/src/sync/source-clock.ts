import type { YlemClient } from "@runledger/ylem-client";

/** So far ahead of the source's this machine's clock may be: the `Date` header has whole seconds and travels. */
const TOLERATED_LEAD_MS = 60_000;

type Source = Pick<YlemClient, "serverTime">;

/** The latest instant that can have been, by the source's clock; null when the source tells no time. */
export function latestInstant(source: Source): Date | null {
  const sourceTime = source.serverTime();
  return sourceTime && new Date(sourceTime.getTime() + TOLERATED_LEAD_MS);
}

/**
 * This machine's clock, or the source's where this machine's is ahead of it: rows of a time that has not been are not
 * there yet, and a watermark beyond them would pass over them for good.
 */
export function limitToSourceClock(source: Source, now: () => Date): () => Date {
  return () => {
    const instant = now();
    const latest = latestInstant(source);
    return latest === null || instant <= latest ? instant : (source.serverTime() ?? instant);
  };
}
