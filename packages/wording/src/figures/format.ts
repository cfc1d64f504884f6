/**
 * Numbers and times as people read them, the same in workbook, mail and chart.
 * What counts for the reader is never rounded up: 97.999 % attained reads 97.99%, never 98.00%.
 */
import { DateTime } from "luxon";
import { type ObjectiveKind, type Share, type Target, type Unit, type Week, unitOf } from "@runledger/sla";

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

type TimeUnit = "d" | "h" | "min" | "s" | "ms" | "µs";

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

/** Stands for a figure that does not exist, such as the share of nothing. */
export const none = "–";

/** The share as a fraction of one, floored to 4 decimals (2 of the percentage); `null` when there is none. */
export function attainedFraction(share: Share | null): number | null {
  if (share === null || share.total === 0) return null;
  return Math.floor((share.good * 10_000) / share.total) / 10_000;
}

/** Difference of the two printed shares, so that a reader can check it; `null` when either does not exist. */
export function changeFraction(now: Share | null, before: Share | null): number | null {
  const attained = attainedFraction(now);
  const previous = attainedFraction(before);
  if (attained === null || previous === null) return null;
  return (Math.round(attained * 10_000) - Math.round(previous * 10_000)) / 10_000;
}

/** What is left of the budget, floored to 4 decimals. The sliver mends binary fractions: 0.29 × 10,000 is 2,899.9999…. */
export function budgetShown(fraction: number): number {
  return Math.floor(fraction * 10_000 + sliver) / 10_000;
}

/** A burn rate at 2 decimals, rounded up: over 1 is over budget and must not read as 1.00. */
export function burnRateShown(burnRate: number): number {
  // Adding nothing makes 0 of −0, which would be printed with its sign.
  return Math.ceil(burnRate * 100 - sliver) / 100 + 0;
}

const sliver = 1e-6;

/** `98.21%` */
export function attainedText(share: Share | null, notation: Notation = british): string {
  const fraction = attainedFraction(share);
  return fraction === null ? none : percentText(fraction, 2, notation);
}

/** `98.21%`: a fraction of one, floored at so many decimals of the percentage. */
export function percentText(fraction: number, decimals: number, { locale }: Notation): string {
  const scale = 10 ** (decimals + 2);
  const floored = Math.floor(fraction * scale + sliver) / scale;
  return numberText(floored, locale, {
    style: "percent",
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
}

/** `99%`, `99.5%`, `99.999%`: as many decimals as it has. */
export function targetText({ numerator, denominator }: Target, { locale }: Notation = british): string {
  return numberText(numerator / denominator, locale, { style: "percent", maximumFractionDigits: 6 });
}

/** `+0.45 pp`: percentage points against the week before. */
export function changeText(now: Share | null, before: Share | null, notation: Notation = british): string {
  const change = changeFraction(now, before);
  if (change === null) return none;
  const sign = change > 0 ? "+" : change < 0 ? "−" : "±";
  const points = numberText(Math.abs(change) * 100, notation.locale, twoDecimals);
  return `${sign}${points} ${notation.percentagePoints}`;
}

/** `0.84` */
export function burnRateText(burnRate: number, { locale }: Notation = british): string {
  return numberText(burnRateShown(burnRate), locale, twoDecimals);
}

/** `165 of 168 runs`, `6 d 23 h of 7 d`. */
export function countsText(
  kind: ObjectiveKind,
  { good, total }: Share,
  notation: Notation = british,
): string {
  const unit = unitOf(kind);
  return notation.counts(unit, amountText(unit, good, notation), amountText(unit, total, notation), total);
}

/** `2,016`; of time, in seconds, `6 d 23 h`. */
export function amountText(unit: Unit, amount: number, notation: Notation = british): string {
  return unit === "time"
    ? durationText(Math.round(amount * 1000), notation)
    : numberText(amount, notation.locale, {});
}

const twoDecimals = { minimumFractionDigits: 2, maximumFractionDigits: 2 } as const;

function numberText(value: number, locale: string, options: Intl.NumberFormatOptions): string {
  return value.toLocaleString(locale, options);
}

/** The two largest units of a duration in milliseconds, floored: `2 d 3 h`, `45 min`, `12 s`; all of one below a second. */
export function durationText(milliseconds: number, notation: Notation = british): string {
  if (milliseconds > 0 && milliseconds < 1000) return exactDurationText(milliseconds, notation);
  const parts = partsOf(Math.floor(milliseconds / 1000) * 1000, ["d", "h", "min", "s"]);
  const first = parts.findIndex(([amount]) => amount > 0);
  return first === -1 ? inUnits([[0, "s"]], notation) : inUnits(parts.slice(first, first + 2), notation);
}

/** All of a duration in milliseconds, hours the largest unit: `168 h`, `1 h 30 min`, `400 µs`. */
export function exactDurationText(milliseconds: number, notation: Notation = british): string {
  return inUnits(partsOf(milliseconds, ["h", "min", "s", "ms", "µs"]), notation);
}

const unitMicros = {
  d: 86_400_000_000,
  h: 3_600_000_000,
  min: 60_000_000,
  s: 1_000_000,
  ms: 1000,
  µs: 1,
} as const;

type Part = readonly [amount: number, unit: TimeUnit];

function partsOf(milliseconds: number, units: readonly TimeUnit[]): Part[] {
  let rest = Math.round(milliseconds * 1000);
  return units.map((unit) => {
    const amount = Math.floor(rest / unitMicros[unit]);
    rest %= unitMicros[unit];
    return [amount, unit];
  });
}

/** With no empty units, but where all are empty. */
function inUnits(parts: readonly Part[], { unit: unitText }: Notation): string {
  const [last] = parts.slice(-1);
  const some = parts.filter(([amount]) => amount > 0);
  const shown = some.length === 0 && last !== undefined ? [last] : some;
  return shown.map(([amount, unit]) => `${amount} ${unitText(unit, amount)}`).join(" ");
}

/** `16–22 Mar 2026`, `30 Mar – 5 Apr 2026`: the week's first and last day in its own zone. */
export function weekDates(
  { start, end, timezone }: Pick<Week, "start" | "end" | "timezone">,
  notation: Notation = british,
): string {
  const first = local(start, timezone, notation);
  const last = local(end, timezone, notation).minus({ days: 1 });
  if (first.hasSame(last, "month")) return notation.daysOfMonth(first, last);
  const firstFormat = first.hasSame(last, "year") ? notation.day : notation.date;
  return `${first.toFormat(firstFormat)} – ${last.toFormat(notation.date)}`;
}

/** `Mon 16 Mar 2026, 06:00` in the given zone. */
export function momentText(instant: Date, timezone: string, notation: Notation = british): string {
  const { weekday, date, time } = notation;
  return local(instant, timezone, notation).toFormat(`${weekday}${date}, ${time}`);
}

/** `Wed 02:15`, of an instant in a week that is known. */
export function momentInWeekText(instant: Date, timezone: string, notation: Notation = british): string {
  return local(instant, timezone, notation).toFormat(`${notation.weekday}${notation.time}`);
}

/** `Tue 17 Mar 2026, 04:30 – 06:30`; the second day is named where it is another one. */
export function spanText(start: Date, end: Date, timezone: string, notation: Notation = british): string {
  const last = local(end, timezone, notation);
  const isOneDay = local(start, timezone, notation).hasSame(last, "day");
  const until = isOneDay ? last.toFormat(notation.time) : momentText(end, timezone, notation);
  return `${momentText(start, timezone, notation)} – ${until}`;
}

/** `Wed 18 Mar`, of a local day `2026-03-18`. */
export function dayText(date: string, { locale, weekday, day }: Notation = british): string {
  return DateTime.fromISO(date, { zone: "utc", locale }).toFormat(`${weekday}${day}`);
}

/** Cuts text to a length in UTF-16 code units, an ellipsis last; never through a surrogate pair. */
export function shortened(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

function local(instant: Date, timezone: string, { locale }: Notation): DateTime {
  return DateTime.fromJSDate(instant, { zone: timezone }).setLocale(locale);
}
