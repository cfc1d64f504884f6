import type { DateTime } from "luxon";
import type { Unit } from "@runledger/sla";

/** How a language writes numbers and times. */
export interface Notation {
  /** BCP 47: decimal and percent signs and the names of days and months follow it. */
  locale: string;
  percentagePoints: string;
  /** The unit beside an amount of it. */
  unit: (unit: TimeUnit, amount: number) => string;
  /** `165 of 168 runs`; the texts are the amounts as they are printed. */
  counts: (unit: Unit, good: string, total: string, totalAmount: number) => string;
  /** Luxon formats: `18 Mar`, `18 Mar 2026`, `Wed`, `06:10`; how a weekday stands before a day. */
  day: string;
  date: string;
  weekday: string;
  time: string;
  /** `16–22 Mar 2026`: two days of one month. */
  daysOfMonth: (first: DateTime, last: DateTime) => string;
}

export type TimeUnit = "d" | "h" | "min" | "s" | "ms" | "µs";

/** The notation of workbook and terminal. */
export const british: Notation = {
  locale: "en-GB",
  percentagePoints: "pp",
  unit: (unit) => unit,
  counts: (unit, good, total, totalAmount) => `${good} of ${total}${nounAfter[unit](totalAmount)}`,
  day: "d LLL",
  date: "d LLL yyyy",
  weekday: "ccc ",
  time: "HH:mm",
  daysOfMonth: (first, last) => `${first.day}–${last.toFormat("d LLL yyyy")}`,
};

const nounAfter: Record<Unit, (amount: number) => string> = {
  runs: (amount) => (amount === 1 ? " run" : " runs"),
  days: (amount) => (amount === 1 ? " day" : " days"),
  time: () => "",
};
