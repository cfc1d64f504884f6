import type { MicroInstant } from "@runledger/ylem-client";

/**
 * Microseconds since 1970: a whole number that is exact in all years a task run can have. Reads the digits itself: it
 * is called several times for every row, and Date.parse takes four times as long.
 */
export function toMicros(instant: MicroInstant): number {
  const days = daysSince1970(digits(instant, 0, 4), digits(instant, 5, 7), digits(instant, 8, 10));
  const minutes = (days * 24 + digits(instant, 11, 13)) * 60 + digits(instant, 14, 16);
  const seconds = minutes * 60 + digits(instant, 17, 19);
  return seconds * 1_000_000 + digits(instant, 20, 26);
}

export function toMicroInstant(micros: number): MicroInstant {
  const milliseconds = Math.floor(micros / 1000);
  const beyondMilliseconds = micros - milliseconds * 1000;
  const toMilliseconds = new Date(milliseconds).toISOString();
  return `${toMilliseconds.slice(0, -1)}${String(beyondMilliseconds).padStart(3, "0")}Z`;
}

function digits(text: string, start: number, end: number): number {
  let value = 0;
  for (let index = start; index < end; index += 1) {
    value = value * 10 + text.charCodeAt(index) - ZERO;
  }
  return value;
}

const ZERO = "0".charCodeAt(0);
const DAYS_OF_400_YEARS = 146_097;
/** From 0000-03-01 to 1970-01-01. */
const DAYS_BEFORE_1970 = 719_468;

/** Counts years from March, so that a leap day is a year's last day. */
function daysSince1970(year: number, month: number, day: number): number {
  const marchYear = month < 3 ? year - 1 : year;
  const marchMonth = (month + 9) % 12;
  const cycle = Math.floor(marchYear / 400);
  const yearOfCycle = marchYear - cycle * 400;
  const leapDays = Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100);
  const dayOfYear = Math.floor((153 * marchMonth + 2) / 5) + day - 1;
  return cycle * DAYS_OF_400_YEARS + yearOfCycle * 365 + leapDays + dayOfYear - DAYS_BEFORE_1970;
}
