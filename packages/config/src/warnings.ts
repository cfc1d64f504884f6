import { DateTime } from "luxon";
import { shown } from "./explain.ts";
import type { Finding } from "./problems.ts";
import type { WrittenConfig } from "./schema.ts";

/** What is allowed and yet hardly meant, so that it is asked about. */
export function warningsOf({ agreements, history_start }: WrittenConfig): Finding[] {
  return agreements.flatMap((agreement, index) => {
    const at = (...path: (string | number)[]) => ["agreements", index, ...path].map(String);
    const inForceFrom = `${agreement.effective_from ?? history_start}T00:00`;
    const { to, cc, failures_to: failuresTo } = agreement.report;
    return [
      ...agreement.objectives.flatMap(({ target }, place) =>
        target.numerator * 2 < target.denominator
          ? [lowTarget(at("objectives", place, "target"), target)]
          : [],
      ),
      ...agreement.exclusions.flatMap((exclusion, place) =>
        "to" in exclusion && exclusion.to <= inForceFrom
          ? [
              warning(
                at("exclusions", place, "to"),
                `it ends before the agreement is in force, on ${inForceFrom.slice(0, 10)}: it excludes nothing`,
              ),
            ]
          : [],
      ),
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

function lowTarget(
  path: string[],
  { numerator, denominator }: { numerator: number; denominator: number },
): Finding {
  const percent = (numerator / denominator) * 100;
  const meant = percent <= 1 ? percent * 100 : 100 - percent;
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
    const instant = (local: string) => DateTime.fromISO(local, { zone }).toMillis();
    return agreement.exclusions.flatMap((exclusion, place) =>
      "to" in exclusion && exclusion.from < exclusion.to && instant(exclusion.from) >= instant(exclusion.to)
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
