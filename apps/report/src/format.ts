/**
 * Numbers and times as people read them, the same in workbook, mail and chart.
 * What counts for the reader is never rounded up: 97.999 % attained reads 97.99%, never 98.00%.
 */
import { DateTime, Duration } from "luxon";
import type { ObjectiveKind, Share, Target, Week } from "./report-model.ts";

/** Stands for a figure that does not exist, such as the share of nothing. */
export const none = "–";

/** The share as a fraction of one, floored to 4 decimals (2 of the percentage); `null` when there is no total. */
export function attainedFraction({ good, total }: Share): number | null {
  return total === 0 ? null : Math.floor((good * 10_000) / total) / 10_000;
}

/** Difference of the two printed shares, so that a reader can check it; `null` when either does not exist. */
export function changeFraction(now: Share, before: Share | null): number | null {
  const attained = attainedFraction(now);
  const previous = before === null ? null : attainedFraction(before);
  if (attained === null || previous === null) return null;
  return (Math.round(attained * 10_000) - Math.round(previous * 10_000)) / 10_000;
}

/** What is left of the budget, floored to 4 decimals. The sliver mends binary fractions: 0.29 × 10,000 is 2,899.9999…. */
export function budgetShown(fraction: number): number {
  return Math.floor(fraction * 10_000 + sliver) / 10_000;
}

/** A burn rate at 2 decimals, rounded up: over 1 is over budget and must not read as 1.00. */
export function burnRateShown(burnRate: number): number {
  return Math.ceil(burnRate * 100 - sliver) / 100;
}

const sliver = 1e-6;

/** `98.21%` */
export function attainedText(share: Share): string {
  const fraction = attainedFraction(share);
  return fraction === null ? none : percentText(fraction);
}

/** `99%`, `99.5%`, `99.999%`: as many decimals as it has. */
export function targetText(target: Target): string {
  return `${Number(((target.numerator * 100) / target.denominator).toFixed(6))}%`;
}

/** `+0.45 pp`: percentage points against the week before. */
export function changeText(now: Share, before: Share | null): string {
  const change = changeFraction(now, before);
  if (change === null) return none;
  const sign = change > 0 ? "+" : change < 0 ? "−" : "±";
  return `${sign}${(Math.abs(change) * 100).toFixed(2)} pp`;
}

/** `0.84` */
export function burnRateText(burnRate: number): string {
  return burnRateShown(burnRate).toFixed(2);
}

/** What an objective counts, in the plural; freshness counts seconds and is told as a duration. */
const unitOf = {
  success: "runs",
  duration: "runs",
  deadline: "days",
  freshness: "time",
  volume: "days",
} as const satisfies Record<ObjectiveKind, string>;

/** `165 of 168 runs`, `6 d 23 h of 7 d`. */
export function countsText(kind: ObjectiveKind, { good, total }: Share): string {
  if (kind === "freshness") return `${durationText(good * 1000)} of ${durationText(total * 1000)}`;
  return `${integerText(good)} of ${integerText(total)} ${unitOf[kind]}`;
}

/** `2,016` */
function integerText(value: number): string {
  return value.toLocaleString("en");
}

/** The two largest units of a duration in milliseconds, floored: `2 d 3 h`, `45 min`, `12 s`. */
export function durationText(milliseconds: number): string {
  const parts = Duration.fromMillis(Math.floor(milliseconds / 1000) * 1000).shiftTo(
    "days",
    "hours",
    "minutes",
    "seconds",
  );
  const units = [
    [parts.days, "d"],
    [parts.hours, "h"],
    [parts.minutes, "min"],
    [parts.seconds, "s"],
  ] as const;
  const first = units.findIndex(([amount]) => amount > 0);
  if (first === -1) return "0 s";
  return units
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(" ");
}

/** `16–22 Mar 2026`, `30 Mar – 5 Apr 2026`: the week's first and last day in its own zone. */
export function weekDates({ start, end, timezone }: Pick<Week, "start" | "end" | "timezone">): string {
  const first = local(start, timezone);
  const last = local(end, timezone).minus({ days: 1 });
  if (first.hasSame(last, "month")) return `${first.day}–${last.toFormat("d LLL yyyy")}`;
  const firstFormat = first.hasSame(last, "year") ? "d LLL" : "d LLL yyyy";
  return `${first.toFormat(firstFormat)} – ${last.toFormat("d LLL yyyy")}`;
}

/** `Mon 16 Mar 2026, 06:00` in the given zone. */
export function momentText(instant: Date, timezone: string): string {
  return local(instant, timezone).toFormat("ccc d LLL yyyy, HH:mm");
}

/** Cuts text to a length in UTF-16 code units, an ellipsis last; never through a surrogate pair. */
export function shortened(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

function percentText(fraction: number): string {
  return `${(fraction * 100).toFixed(2)}%`;
}

function local(instant: Date, timezone: string): DateTime {
  return DateTime.fromJSDate(instant, { zone: timezone }).setLocale("en-GB");
}
