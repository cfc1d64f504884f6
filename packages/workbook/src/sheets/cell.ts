/** The kinds of cells a sheet is made of: a typed value, how it is shown and how many characters that takes. */
import {
  type Micros,
  type ObjectiveKind,
  type Share,
  type Target,
  type Verdict,
  dateOf,
  unitOf,
} from "@runledger/sla";
import { attainedFraction, burnRateShown, budgetShown } from "@runledger/wording";
import { cellText } from "./cell-text.ts";
import { serialDay, wallClockIn } from "./wall-clock.ts";

export interface Cell {
  value: string | number | null;
  look: Look;
  /** Characters the shown value takes. */
  width: number;
  /** Works out `value` again, from other cells. */
  formula?: string;
  /** Where a click leads: `'Runs'!A2` or a defined name. */
  link?: string;
}

/** How a kind of cell is shown. There is one object for each kind. */
export interface Look {
  /** Excel number format. */
  format?: string;
  isNumber: boolean;
  isLink?: true;
}

/** Text from anywhere; it can never become a formula. */
export function text(value: string | null): Cell {
  if (value === null) return blank;
  const safe = cellText(value);
  return { value: safe, look: looks.text, width: longestLine(safe) };
}

export function count(value: number): Cell {
  return { value, look: looks.count, width: 8 };
}

/** A count that stands among words. */
export function numeral(value: number): Cell {
  return { value, look: looks.numeral, width: 8 };
}

/** What formulas find a row by. */
export function key(value: number | undefined): Cell {
  return value === undefined ? blank : { value, look: looks.key, width: 3 };
}

/** A count of what the objective counts: time in seconds. */
export function amount(kind: ObjectiveKind, value: number): Cell {
  return unitOf(kind) === "time" ? { value, look: looks.seconds, width: 11 } : count(value);
}

/** A share, floored at the shown precision; blank when there is none. */
export function attained(share: Share | null): Cell {
  return percent(attainedFraction(share));
}

/** A target with all its decimals. */
export function target({ numerator, denominator }: Target): Cell {
  return { value: numerator / denominator, look: looks.target, width: 9 };
}

/** A fraction of one that is already floored as it is to be shown. */
function percent(fraction: number | null): Cell {
  return fraction === null ? blank : { value: fraction, look: looks.percent, width: 9 };
}

/** A fraction of one with the decimals it needs, up to six of the percentage, rounded down. */
export function exactShare(value: number): Cell {
  return { value: Math.floor(value * 1e8 + 1e-4) / 1e8, look: looks.target, width: 11 };
}

/** Percentage points, with their sign. */
export function change(fraction: number | null): Cell {
  return fraction === null ? blank : { value: fraction, look: looks.change, width: 9 };
}

export function budget(fraction: number | null): Cell {
  return percent(fraction === null ? null : budgetShown(fraction));
}

export function burnRate(value: number | null): Cell {
  return value === null ? blank : { value: burnRateShown(value), look: looks.rate, width: 9 };
}

/** Makes cells of instants as the wall clock of a zone. Workbooks know no zones: the column's header names it. */
export function momentIn(timezone: string): (instant: Date | null) => Cell {
  const serial = wallClockIn(timezone);
  return (instant) => (instant === null ? blank : { value: serial(instant), look: looks.moment, width: 19 });
}

/** The same of instants in microseconds, shown to the millisecond they lie in: so they stay on their side of midnight. */
export function instantIn(timezone: string): (instant: Micros | null) => Cell {
  const moment = momentIn(timezone);
  return (instant) => moment(instant === null ? null : dateOf(instant));
}

/** Milliseconds as hours, minutes and seconds; hours may pass 24. */
export function duration(milliseconds: number | null): Cell {
  if (milliseconds === null) return blank;
  return { value: milliseconds / millisecondsPerDay, look: looks.duration, width: 9 };
}

/** Milliseconds as whole minutes, rounded up: late by a second is late. */
export function minutes(milliseconds: number | null): Cell {
  return milliseconds === null ? blank : count(Math.ceil(milliseconds / 60_000));
}

/** A local day, `2026-03-18`, as a date. */
export function day(date: string): Cell {
  return { value: serialDay(date), look: looks.day, width: 14 };
}

/** The verdict's own word, `at_risk`, so that it can be looked up in `sla_results` as it stands. */
export function verdict(value: Verdict): Cell {
  return { value, look: looks.text, width: value.length + 2 };
}

/** A cell that leads somewhere when it is clicked. */
export function linked(cell: Cell, link: string): Cell {
  return { ...cell, link, look: linkLooks.get(cell.look) ?? cell.look };
}

/** A cell whose value can be worked out again from others. */
export function calculated(cell: Cell, formula: string): Cell {
  return { ...cell, formula };
}

export const millisecondsPerDay = 86_400_000;

/** All there are but those of links. */
export const looks = {
  text: { isNumber: false },
  count: { isNumber: true, format: "#,##0" },
  numeral: { isNumber: false, format: "#,##0" },
  key: { isNumber: true, format: "0" },
  seconds: { isNumber: true, format: '#,##0" s"' },
  target: { isNumber: true, format: "0.00####%" },
  percent: { isNumber: true, format: "0.00%" },
  change: { isNumber: true, format: "+0.00%;-0.00%;0.00%" },
  rate: { isNumber: true, format: "0.00" },
  moment: { isNumber: false, format: "yyyy-mm-dd hh:mm:ss" },
  duration: { isNumber: true, format: "[h]:mm:ss" },
  day: { isNumber: false, format: "ddd yyyy-mm-dd" },
} as const satisfies Record<string, Look>;

const linkLooks = new Map<Look, Look>(Object.values(looks).map((look) => [look, { ...look, isLink: true }]));

export const blank: Cell = { value: null, look: looks.text, width: 0 };

function longestLine(value: string): number {
  return value.includes("\n") ? Math.max(...value.split("\n").map((line) => line.length)) : value.length;
}
