import { headline } from "../headline.ts";
import { momentText, weekDates } from "../format.ts";
import type { WeeklyReport } from "../report-model.ts";
import { text } from "./cell.ts";
import { sheetOf } from "./sheet.ts";
import type { Sheet } from "./sheet.ts";

/** What the report covers and what each figure means, in words. */
export function methodSheet(report: WeeklyReport): Sheet {
  return sheetOf(
    "Method",
    [
      { header: "About", cell: ([about]) => text(about) },
      { header: "Explanation", wrapAt: 100, cell: ([, explanation]) => text(explanation) },
    ],
    [...thisReport(report), ...report.notes.map((note) => ["Data note", note] as const), ...figures],
  );
}

type Entry = readonly [about: string, explanation: string];

function thisReport(report: WeeklyReport): readonly Entry[] {
  const { agreement, week, dataThrough } = report;
  const moment = (instant: Date) => `${momentText(instant, week.timezone)} ${week.timezone}`;
  return [
    ["Agreement", `${agreement.title} (${agreement.id}), with ${agreement.customer}`],
    ["Result", headline(report.objectives)],
    [
      "Week",
      `${week.id}, ${weekDates(week)}: from ${moment(week.start)} up to ${moment(week.end)}, ${week.hours} hours`,
    ],
    ["Time zone", `All times are local time in ${agreement.timezone}, unless the column says UTC.`],
    ["Revision", `${report.revision}. A later revision replaces this one when a printed figure changes.`],
    ["As of", `${moment(report.asOf)}: the moment at which the report was made`],
    [
      "Data as of",
      dataThrough === null ? "At least one pipeline has never been synced." : moment(dataThrough),
    ],
    ["Definition", `SHA-256 ${report.definitionHash} of the agreement as configured`],
    ["Software", `Runledger ${report.softwareVersion}`],
  ];
}

const figures: readonly Entry[] = [
  [
    "Total, Good, Bad",
    "What the objective counts: runs for success and duration, due days for deadline, days for volume, seconds for freshness. A run belongs to the week in which it finished. Bad is Total less Good.",
  ],
  ["Type: success", "Successful runs of all runs. A run is successful when none of its tasks failed."],
  [
    "Type: duration",
    "Runs that succeeded within the time limit, from the start of the first task to the end of the last.",
  ],
  [
    "Type: deadline",
    "Due days on which a successful run finished in time. Holidays are not due; excluded days are excused.",
  ],
  ["Type: freshness", "Seconds in which the latest successful run had finished recently enough."],
  ["Type: volume", "Days with at least the agreed number of successful runs."],
  [
    "Attained",
    "Good / Total, compared exactly with the target and shown rounded down. Blank when there is no total.",
  ],
  [
    "Excluded, Attained (raw)",
    "What agreed exclusions took out, and the share that would have been attained with no exclusion at all.",
  ],
  ["Allowed bad", "Total × (1 − Target), rounded down: how much may go wrong with the target still met."],
  [
    "Burn rate",
    "(1 − Attained) / (1 − Target), rounded up: 1 spends the error budget exactly. Blank at a target of 100 %.",
  ],
  ["Budget left", "1 − Burn rate, rounded down; negative when overspent. Blank at a target of 100 %."],
  [
    "4 weeks",
    "Good and Total pooled over this week and the three before it. Percentages are never averaged.",
  ],
  ["Change", "Attained less Attained of the week before, in percentage points."],
  ["Verdict: missed", "Attained is below the target. An agreement is missed when any objective is."],
  ["Verdict: at risk", "Met with less than a quarter of the error budget left."],
  [
    "Verdict: insufficient data",
    "Nothing or too little to count, or a history that does not cover the whole week or disagrees with its source.",
  ],
  ["Verdict: not in force", "The week began before the agreement took effect."],
  [
    "Incident",
    "Bad events of one objective with no good one between: failed runs, or missed, late or empty days. It opens at the first bad event and closes at the next good one.",
  ],
];
