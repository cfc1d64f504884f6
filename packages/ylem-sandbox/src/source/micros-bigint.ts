/** An instant in microseconds since the epoch, the precision the source stores. */
export type Micros = bigint;

/** Go's zero time, 0001-01-01 00:00:00 UTC: what stands where there is no time. */
export const ZERO_TIME: Micros = -62_135_596_800_000_000n;

const MICROS_PER_SECOND = 1_000_000n;

export function microsOfDate(date: Date): Micros {
  return BigInt(date.getTime()) * 1000n;
}

/** @param seconds whole seconds since the epoch. */
export function microsOfSecond(seconds: number): Micros {
  return BigInt(seconds) * MICROS_PER_SECOND;
}

/** The whole second that the instant lies in, rounded towards the past also before 1970. */
export function secondOf(micros: Micros): number {
  return Number((micros - fractionOf(micros)) / MICROS_PER_SECOND);
}

/** Microseconds after the whole second, 0 to 999 999. */
export function fractionOf(micros: Micros): bigint {
  return ((micros % MICROS_PER_SECOND) + MICROS_PER_SECOND) % MICROS_PER_SECOND;
}
