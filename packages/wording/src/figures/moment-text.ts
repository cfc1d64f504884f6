import { DateTime } from "luxon";
import type { Week } from "@runledger/sla";
import { british, type Notation } from "./notation.ts";

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

/** `Tue 17 Mar 2026, 04:30 – 06:30`; the second day is named when it differs from the first. */
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

function local(instant: Date, timezone: string, { locale }: Notation): DateTime {
  return DateTime.fromJSDate(instant, { zone: timezone }).setLocale(locale);
}
