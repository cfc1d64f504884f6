/** The three ways in which the API writes times. All are UTC. */
import { fractionOf, secondOf, type Micros } from "../source/micros-bigint.ts";

/** RFC 3339 as Go prints it: trailing zeros of the fraction trimmed, no fraction when it is zero. */
export function toRfc3339(micros: Micros): string {
  const fraction = fractionOf(micros).toString().padStart(6, "0").replace(/0+$/, "");
  return `${isoSecond(secondOf(micros))}${fraction === "" ? "" : `.${fraction}`}Z`;
}

/** `YYYY-MM-DD HH:MM:SS`; what is finer than a second is dropped. */
export function toDateTime(seconds: number): string {
  return isoSecond(seconds).replace("T", " ");
}

/** Seconds since the epoch of `YYYY-MM-DD HH:MM:SS`, or `null` for anything else. */
export function parseDateTime(text: string): number | null {
  const seconds = Date.parse(`${text.replace(" ", "T")}Z`) / 1000;
  return Number.isInteger(seconds) && toDateTime(seconds) === text ? seconds : null;
}

/** Seconds since the epoch of the midnight of `YYYY-MM-DD`, or `null` for anything else. */
export function parseDate(text: string): number | null {
  return parseDateTime(`${text} 00:00:00`);
}

function isoSecond(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, "YYYY-MM-DDTHH:MM:SS".length);
}
