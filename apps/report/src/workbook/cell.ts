/** The kinds of cells a sheet is made of: a typed value, how it is shown and how many characters that takes. */
import { DateTime } from "luxon";
import { attainedFraction, burnRateShown, budgetShown } from "../format.ts";
import type { ObjectiveKind, Share, Target, Verdict } from "../report-model.ts";
import { verdicts } from "../verdict.ts";
import { cellText } from "./cell-text.ts";

export interface Cell {
  value: string | number | Date | null;
  /** Excel number format. */
  format?: string;
  /** Characters the shown value takes. */
  width: number;
  /** Text and background colours, `#rrggbb`. */
  colours?: { ink: string; paper: string };
}

/** Text from anywhere; it can never become a formula. */
export function text(value: string | null): Cell {
  if (value === null) return blank;
  const safe = cellText(value);
  return { value: safe, width: longestLine(safe) };
}

export function count(value: number): Cell {
  return { value, format: "#,##0", width: 8 };
}

/** A count of what the objective counts: freshness counts seconds, all others runs or days. */
export function amount(kind: ObjectiveKind, value: number): Cell {
  return kind === "freshness" ? { value, format: '#,##0" s"', width: 11 } : count(value);
}

/** A share, floored at the shown precision; blank when there is no total. */
export function attained(share: Share): Cell {
  return percent(attainedFraction(share));
}

/** A target with all its decimals. */
export function target({ numerator, denominator }: Target): Cell {
  return { value: numerator / denominator, format: "0.00####%", width: 9 };
}

/** A fraction of one that is already floored as it is to be shown. */
function percent(fraction: number | null): Cell {
  return fraction === null ? blank : { value: fraction, format: "0.00%", width: 9 };
}

/** Percentage points, with their sign. */
export function change(fraction: number | null): Cell {
  return fraction === null ? blank : { value: fraction, format: "+0.00%;-0.00%;0.00%", width: 9 };
}

export function budget(fraction: number | null): Cell {
  return percent(fraction === null ? null : budgetShown(fraction));
}

export function burnRate(value: number | null): Cell {
  return value === null ? blank : { value: burnRateShown(value), format: "0.00", width: 7 };
}

/** An instant as the wall clock of a zone. Workbooks know no zones: the column's header names it. */
export function moment(instant: Date | null, timezone: string): Cell {
  if (instant === null) return blank;
  const wallClock = DateTime.fromJSDate(instant, { zone: timezone }).setZone("utc", { keepLocalTime: true });
  return { value: wallClock.toJSDate(), format: "yyyy-mm-dd hh:mm:ss", width: 19 };
}

/** Milliseconds as hours, minutes and seconds; hours may pass 24. */
export function duration(milliseconds: number | null): Cell {
  if (milliseconds === null) return blank;
  return { value: milliseconds / millisecondsPerDay, format: "[h]:mm:ss", width: 9 };
}

/** Milliseconds as whole minutes, rounded up: late by a second is late. */
export function minutes(milliseconds: number | null): Cell {
  return milliseconds === null ? blank : count(Math.ceil(milliseconds / 60_000));
}

/** A local day, `2026-03-18`, as a date. */
export function day(date: string): Cell {
  return { value: new Date(`${date}T00:00:00Z`), format: "ddd yyyy-mm-dd", width: 14 };
}

/** The verdict's own word, `at_risk`, so that it can be looked up in `sla_results` as it stands. */
export function verdict(value: Verdict): Cell {
  const { ink, paper } = verdicts[value];
  return { value, width: value.length, colours: { ink, paper } };
}

export const blank: Cell = { value: null, width: 0 };

const millisecondsPerDay = 86_400_000;

function longestLine(value: string): number {
  return Math.max(...value.split("\n").map((line) => line.length));
}
