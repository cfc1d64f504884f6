import { UsageError } from "@runledger/cli";
import { z } from "zod";
import { addDays, dayOf, type Day, type DayRange } from "./days.ts";

/**
 * The UTC days that `--from` and `--to` name, both counted in.
 *
 * @throws UsageError for an order that is wrong, or a day that has not begun.
 */
export function dateRange({ from, to }: { from: Day; to: Day }, now: Date): DayRange {
  if (from > to) {
    throw new UsageError(`--from ${from} lies after --to ${to}`);
  }
  if (to > dayOf(now)) {
    throw new UsageError(`--to ${to} is in the future; today is ${dayOf(now)} (UTC)`);
  }
  return { first: from, last: to };
}

/** `--from` and `--to`: UTC days. */
export const fromOption = z.string().transform((text) => toDay("--from", text));
export const toOption = z.string().transform((text) => toDay("--to", text));

function toDay(option: string, text: string): Day {
  // Adding nothing turns a date that the calendar does not have, such as 02-30, into another one.
  if (/^\d{4}-\d\d-\d\d$/u.test(text) && !Number.isNaN(Date.parse(text)) && addDays(text, 0) === text) {
    return text;
  }
  throw new UsageError(`${option} ${text} is not a day; write it like 2026-03-01`);
}
