/**
 * Shares, targets and budgets as people read them, the same in workbook, mail and chart.
 * What counts for the reader is never rounded up: 97.999 % attained reads 97.99%, never 98.00%.
 */
import { type ObjectiveKind, type Share, type Target, type Unit, unitOf } from "@runledger/sla";
import { durationText } from "./time-span-text.ts";
import { british, type Notation } from "./notation.ts";
import { none, numberText, percentText, sliver, twoDecimals } from "./number-text.ts";

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

/** What is left of the budget, floored to 4 decimals. */
export function budgetShown(fraction: number): number {
  return Math.floor(fraction * 10_000 + sliver) / 10_000;
}

/** A burn rate at 2 decimals, rounded up: over 1 is over budget and must not read as 1.00. */
export function burnRateShown(burnRate: number): number {
  // Adding nothing makes 0 of −0, which would be printed with its sign.
  return Math.ceil(burnRate * 100 - sliver) / 100 + 0;
}

/** `98.21%` */
export function attainedText(share: Share | null, notation: Notation = british): string {
  const fraction = attainedFraction(share);
  return fraction === null ? none : percentText(fraction, 2, notation);
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
