import { DateTime } from "luxon";
import { shown } from "./problems/issue-text.ts";
import type { Finding } from "./problems/problems.ts";
import type { WrittenConfig } from "./schema.ts";

/** What is allowed and yet hardly meant, so that it is asked about. */
export function warningsOf({ agreements, history_start: historyStart, timezone }: WrittenConfig): Finding[] {
  return agreements.flatMap((agreement, index) => {
    const at = (...path: (string | number)[]) => ["agreements", index, ...path].map(String);
    const zone = agreement.timezone ?? timezone;
    const firstWeek = firstScoredWeek(agreement.effective_from ?? historyStart, historyStart, zone);
    const { to, cc, failures_to: failuresTo } = agreement.report;
    return [
      ...agreement.objectives.flatMap(({ target }, place) =>
        target.numerator * 2 < target.denominator
          ? [lowTarget(at("objectives", place, "target"), target)]
          : [],
      ),
      ...agreement.exclusions.flatMap((exclusion, place) => {
        const message = "to" in exclusion ? uselessBecause(exclusion, firstWeek, zone) : null;
        return message === null ? [] : [warning(at("exclusions", place, "to"), message)];
      }),
      ...(to.length + cc.length + failuresTo.length === 0
        ? [
            warning(
              at("report", "to"),
              "nobody gets this report, nor is told when it fails: name them in `to` or `failures_to`",
            ),
          ]
        : []),
    ];
  });
}

/** The start of the first week that began when the agreement was in force and the history had started. */
function firstScoredWeek(effectiveFrom: string, historyStart: string, zone: string): DateTime {
  const inForce = instantOf(`${effectiveFrom}T00:00`, zone);
  const recorded = DateTime.fromISO(historyStart, { zone: "utc" }).setZone(zone);
  const start = DateTime.max(inForce, recorded);
  const week = start.startOf("week");
  return week < start ? week.plus({ weeks: 1 }) : week;
}

/** Why an exclusion changes no verdict; `null` where it may. */
function uselessBecause(
  { from, to }: { from: string; to: string },
  firstWeek: DateTime,
  zone: string,
): string | null {
  const [start, end] = [instantOf(from, zone), instantOf(to, zone)];
  if (start.toMillis() === end.toMillis()) {
    return `it lies on a date that the clocks of ${zone} skip: it excludes nothing`;
  }
  if (end <= firstWeek) {
    return `it ends before the first week that is in force and recorded, from ${firstWeek.toISODate()}: it changes no verdict`;
  }
  return null;
}

/** Of a date that the clocks skip all times are the end of the date before. */
function instantOf(local: string, zone: string): DateTime {
  const dateAfter = DateTime.fromISO(local.slice(0, 10), { zone: "utc" }).plus({ days: 1 }).toISODate();
  return DateTime.fromISO(isShown(local, zone) ? local : `${dateAfter}T00:00`, { zone });
}

function isShown(local: string, zone: string): boolean {
  const date = local.slice(0, 10);
  return DateTime.fromISO(`${date}T12:00`, { zone }).toISODate() === date;
}

function lowTarget(
  path: string[],
  { numerator, denominator }: { numerator: number; denominator: number },
): Finding {
  const percent = (numerator / denominator) * 100;
  // A fraction of one, or what may fail.
  const meant = percent >= 0.5 && percent < 1 ? percent * 100 : 100 - percent;
  const text = (value: number) => `${Number(value.toPrecision(12))} %`;
  return warning(path, `a target of ${text(percent)} is met when most fails: is ${text(meant)} meant?`);
}

function warning(path: readonly string[], message: string): Finding {
  return { path, at: "value", message };
}

/** What cannot be meant: an exclusion whose ends the clocks bring into the other order. */
export function clockProblems({ agreements, timezone }: WrittenConfig): Finding[] {
  return agreements.flatMap((agreement, index) => {
    const zone = agreement.timezone ?? timezone;
    const isTurned = ({ from, to }: { from: string; to: string }) => {
      const [start, end] = [instantOf(from, zone).toMillis(), instantOf(to, zone).toMillis()];
      // On a date that they skip nothing lies, which is asked about.
      return from < to && (start > end || (start === end && isShown(from, zone)));
    };
    return agreement.exclusions.flatMap((exclusion, place) =>
      "to" in exclusion && isTurned(exclusion)
        ? [
            warning(
              ["agreements", String(index), "exclusions", String(place), "to"],
              `the clocks of ${zone} skip from before ${shown(exclusion.from.replace("T", " "))} to after it, so it ends before it starts: write times outside of the gap`,
            ),
          ]
        : [],
    );
  });
}
