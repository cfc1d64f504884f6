import { UsageError } from "./errors.ts";

const ISO = /^(\d{4}-\d\d-\d\d)(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d\d:?\d\d))?$/u;

/**
 * The instant that an option such as `--until` names: a time with its zone, or a day, which is its midnight in UTC.
 *
 * @throws UsageError for anything else, a day that the calendar does not have among it.
 */
export function instantFrom(option: string, text: string): Date {
  const [, day = ""] = ISO.exec(text) ?? [];
  const midnight = new Date(`${day}T00:00:00Z`);
  const instant = new Date(text);
  // JavaScript makes 2 March of 30 February.
  const isDay = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
  if (day === "" || !isDay || Number.isNaN(instant.getTime())) {
    throw new UsageError(`${option} ${text} is not a time; write it like 2026-03-01T06:00:00Z`);
  }
  return instant;
}
